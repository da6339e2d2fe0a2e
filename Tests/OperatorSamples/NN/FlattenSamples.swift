import ThawTensor

extension Flatten: Sampled {
  public static var samples: [Sample] {
    [
      Sample("to rows", Flatten(), .uniform([2, 3, 4])),
      Sample("to one row", Flatten(axis: 0), .uniform([2, 3])),
      Sample("to one column", Flatten(axis: 2), .uniform([2, 3])),
      Sample("from the end", Flatten(axis: -1), .uniform([2, 1, 3])),
      Sample("scalar", Flatten(axis: 0), .uniform([])),
      Sample("empty", Flatten(), .uniform([0, 3, 4])),
    ]
  }

  public static var failures: [Failure] {
    [
      Failure(
        Flatten(axis: 3), .uniform([2, 3]),
        message: "Flatten: axis 3 is out of range for a tensor of rank 2 (expected -2 to 2)")
    ]
  }
}
