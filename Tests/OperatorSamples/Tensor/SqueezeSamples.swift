import ThawTensor

extension Squeeze: Sampled {
  public static var samples: [Sample] {
    [
      Sample("axes", Squeeze(), .uniform([1, 3, 1, 2]), .ints([0, -2])),
      Sample("all of size 1", Squeeze(), .floats([1, 2], [1, 2, 1]), expected: [.floats([1, 2])]),
      Sample("no axes", Squeeze(), .uniform([1, 2]), .ints([])),
    ]
  }

  public static var failures: [Failure] {
    [
      Failure(
        Squeeze(), .uniform([1, 2]), .ints([1]),
        message: "Squeeze: axis 1 has size 2, and only axes of size 1 can be left out"),
      Failure(
        Squeeze(), .uniform([1, 2]), .ints([2]),
        message: "Squeeze: axis 2 is out of range for a tensor of rank 2 (expected -2 to 1)"),
    ]
  }
}

extension Unsqueeze: Sampled {
  public static var samples: [Sample] {
    [
      Sample("places of the result", Unsqueeze(), .uniform([3, 2]), .ints([0, -1])),
      Sample("scalar", Unsqueeze(), .floats([5], []), .ints([0]), expected: [.floats([5])]),
    ]
  }

  public static var failures: [Failure] {
    [
      Failure(
        Unsqueeze(), .uniform([2]), .ints([3]),
        message: "Unsqueeze: axis 3 is out of range for a tensor of rank 2 (expected -2 to 1)"),
      Failure(
        Unsqueeze(), .uniform([2]), .ints([0, 0]), message: "Unsqueeze: axis 0 is given twice in [0, 0]"),
    ]
  }
}
