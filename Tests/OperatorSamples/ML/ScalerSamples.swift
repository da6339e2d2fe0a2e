import ThawTensor

extension Scaler: Sampled {
  public static var samples: [Sample] {
    [
      Sample(
        "each feature", Scaler(offset: [1, 2], scale: [2, 0.5]), .exact(.floats([1, 2, 3, 6], [2, 2])),
        expected: [.floats([0, 0, 4, 2], [2, 2])]),
      Sample("one for all", Scaler(offset: [1], scale: [3]), .ints([1, 2, 3]), expected: [.floats([0, 3, 6])]),
    ]
  }
  public static var failures: [Failure] {
    [
      Failure(
        Scaler(offset: [1, 2], scale: [1, 1]), .uniform([2, 3]),
        message: "Scaler: X has 3 features, and the attributes are for 2")
    ]
  }
}
