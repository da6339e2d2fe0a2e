import ThawTensor

extension MatMul: Sampled {
  public static var samples: [Sample] {
    [
      Sample(
        "matrices", MatMul(), .floats([1, 2, 3, 4], [2, 2]), .floats([5, 6, 7, 8, 9, 10], [2, 3]),
        expected: [.floats([21, 24, 27, 47, 54, 61], [2, 3])]),
      Sample("vector and matrix", MatMul(), .uniform([3]), .uniform([3, 4])),
      Sample("matrix and vector", MatMul(), .uniform([4, 3]), .uniform([3])),
      Sample("vectors", MatMul(), .floats([1, 2, 3], [3]), .floats([4, 5, 6], [3]), expected: [.floats([32], [])]),
      Sample("batch and matrix", MatMul(), .uniform([2, 3, 4]), .uniform([4, 5])),
      Sample("batch and vector", MatMul(), .uniform([2, 3, 4]), .uniform([4])),
      Sample("vector and batch", MatMul(), .uniform([4]), .uniform([2, 4, 3])),
      Sample("batches broadcast both ways", MatMul(), .uniform([2, 1, 3, 4]), .uniform([3, 4, 2])),
      Sample("no inner elements", MatMul(), .uniform([2, 0]), .uniform([0, 3])),
      Sample(
        "whole numbers", MatMul(), .exact(Tensor([1, 2, 3, 4], shape: [2, 2])), .exact(Tensor([1, 1], shape: [2, 1])),
        expected: [.ints([3, 7], [2, 1])]),
    ]
  }

  public static var failures: [Failure] {
    [
      Failure(
        MatMul(), .uniform([2, 3]), .uniform([4, 2]),
        message: "MatMul: the inputs are float32[2, 3] and float32[4, 2]: rows of 3 elements do not meet columns of 4"),
      Failure(
        MatMul(), .uniform([2, 2, 3]), .uniform([3, 3, 2]),
        message: "MatMul, before the matrices: the shapes [2] and [3] do not broadcast: counted from the last, "
          + "dimensions must be equal or 1"),
      Failure(
        MatMul(), .uniform([]), .uniform([3]),
        message: "MatMul: the inputs are float32[] and float32[3], and a product needs at least one axis of each"),
      Failure(
        MatMul(), .uniform([2, 3]), .exact(Tensor([1, 2, 3])),
        message: "MatMul: the inputs are float32 and int64; ONNX has no promotion: cast one with Cast (cast(to:))"),
    ]
  }
}
