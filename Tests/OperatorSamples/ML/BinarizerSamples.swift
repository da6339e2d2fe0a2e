import ThawTensor

extension Binarizer: Sampled {
  public static var samples: [Sample] {
    [
      Sample("at zero", Binarizer(), .floats([-1, 0, 2], [3]), expected: [.floats([0, 0, 1])]),
      Sample("integers", Binarizer(threshold: 1.5), .ints([1, 2, 3], [3, 1]), expected: [.ints([0, 1, 1], [3, 1])]),
    ]
  }
  public static var failures: [Failure] {
    [Failure(Binarizer(), .bools([true]), message: "Binarizer: X is bool[1], and should be of numbers")]
  }
}
