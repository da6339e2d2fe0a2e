import ThawTensor

extension Where: Sampled {
  public static var samples: [Sample] {
    [
      Sample(
        "matrix", Where(), .bools([true, false, true, true], [2, 2]), .floats([1, 2, 3, 4], [2, 2]),
        .floats([9, 8, 7, 6], [2, 2]), expected: [.floats([1, 8, 3, 4], [2, 2])]),
      Sample("broadcast three ways", Where(), .bools([true, false], [2, 1]), .uniform([3]), .uniform([4, 1, 1])),
      Sample("integers", Where(), .bools([false], []), .ints([1, 2]), .ints([3]), expected: [.ints([3, 3])]),
    ]
  }

  public static var failures: [Failure] {
    [
      Failure(
        Where(), .uniform([2]), .uniform([2]), .uniform([2]),
        message: "Where: the condition should be bool and is float32"),
      Failure(
        Where(), .bools([true]), .uniform([2]), .ints([1]),
        message: "Where: X is float32 and Y is int64: cast one with Cast (cast(to:))"),
      Failure(
        Where(), .bools([true, false, true]), .uniform([2]), .uniform([2]),
        message: "Where: the shapes [3] and [2] do not broadcast: counted from the last, dimensions must be equal or 1"),
    ]
  }
}
