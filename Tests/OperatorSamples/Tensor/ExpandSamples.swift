import ThawTensor

extension Expand: Sampled {
  public static var samples: [Sample] {
    [
      Sample(
        "a column", Expand(), .floats([1, 2], [2, 1]), .ints([2, 3]), expected: [.floats([1, 1, 1, 2, 2, 2], [2, 3])]),
      Sample("both ways", Expand(), .uniform([3, 1]), .ints([2, 1, 6])),
      Sample("a shape of ones", Expand(), .uniform([2, 3]), .ints([1])),
      Sample("to nothing", Expand(), .uniform([1, 3]), .ints([0, 3])),
    ]
  }

  public static var failures: [Failure] {
    [
      Failure(
        Expand(), .uniform([2, 3]), .ints([2, 4]),
        message:
          "Expand: the shapes [2, 3] and [2, 4] do not broadcast: counted from the last, dimensions must be equal "
          + "or 1"),
      Failure(
        Expand(), .uniform([2]), .ints([Int.max, 2]),
        message: "Expand: the shapes [2] and [9223372036854775807, 2] do not broadcast: counted from the last, "
          + "dimensions must be equal or 1"),
      Failure(Expand(), .uniform([2]), .uniform([1]), message: "expected integers, found a float32 tensor"),
    ]
  }
}
