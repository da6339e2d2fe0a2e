import ThawTensor

extension Transpose: Sampled {
  public static var samples: [Sample] {
    [
      Sample(
        "matrix", Transpose(), .floats([1, 2, 3, 4, 5, 6], [2, 3]), expected: [.floats([1, 4, 2, 5, 3, 6], [3, 2])]),
      Sample("three axes in turn", Transpose(permutation: [2, 0, 1]), .uniform([2, 3, 4])),
      Sample("scalar", Transpose(), .uniform([])),
      Sample("empty", Transpose(permutation: [1, 0]), .uniform([0, 3])),
      Sample(
        "bool", Transpose(permutation: [1, 0]), .bools([true, false, true, true], [2, 2]),
        expected: [.bools([true, true, false, true], [2, 2])]),
    ]
  }

  public static var failures: [Failure] {
    [
      Failure(
        Transpose(permutation: [0, 0]), .uniform([2, 3]),
        message: "Transpose: the permutation [0, 0] should name each of the 2 axes of the input once"),
      Failure(
        Transpose(permutation: [0]), .uniform([2, 3]),
        message: "Transpose: the permutation [0] should name each of the 2 axes of the input once"),
    ]
  }
}
