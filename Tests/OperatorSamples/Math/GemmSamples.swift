import ThawTensor

extension Gemm: Sampled {
  public static var samples: [Sample] {
    [
      Sample(
        "with a row", Gemm(), .floats([1, 2, 3, 4], [2, 2]), .floats([1, 0, 0, 1], [2, 2]), .floats([10, 20], [2]),
        expected: [.floats([11, 22, 13, 24], [2, 2])]),
      Sample("without C", Gemm(alpha: 0.5), .uniform([2, 3]), .uniform([3, 4])),
      Sample("A transposed", Gemm(transposesA: true), .uniform([3, 2]), .uniform([3, 4]), .uniform([2, 1])),
      Sample(
        "B transposed, scaled", Gemm(alpha: 2, beta: 0.5, transposesB: true), .uniform([2, 3]), .uniform([4, 3]),
        .uniform([2, 4])),
      Sample(
        "both transposed, C a number", Gemm(alpha: -1, beta: 3, transposesA: true, transposesB: true),
        .uniform([3, 2]),
        .uniform([4, 3]), .uniform([])),
      Sample(
        "whole numbers times a half", Gemm(alpha: 0.5), .ints([1, 2], [1, 2]), .ints([1, 2], [2, 1]),
        expected: [.ints([2], [1, 1])]),
    ]
  }

  public static var failures: [Failure] {
    [
      Failure(
        Gemm(transposesB: true), .uniform([2, 3]), .uniform([3, 4]),
        message: "Gemm: A is float32[2, 3] and B float32[3, 4] transposed: rows of 3 elements do not meet columns of 4"),
      Failure(
        Gemm(), .uniform([1, 2, 3]), .uniform([3, 4]),
        message: "Gemm: A and B should be matrices, and one is float32[1, 2, 3]; MatMul takes other ranks"),
      Failure(
        Gemm(), .uniform([2, 3]), .uniform([3, 4]), .uniform([3]),
        message: "Gemm: C is float32[3], which does not broadcast to the product's float32[2, 4]"),
    ]
  }
}
