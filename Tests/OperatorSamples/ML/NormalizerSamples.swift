import ThawTensor

extension Normalizer: Sampled {
  public static var samples: [Sample] {
    let numbers = SampleInput.exact(.floats([3, -4, 0, 0, 1, 2], [3, 2]))
    return [
      Sample("by the greatest", Normalizer(), numbers, expected: [.floats([1, -1.3333334, 0, 0, 0.5, 1], [3, 2])]),
      Sample(
        "by the sum", Normalizer(.l1), numbers,
        expected: [.floats([0.42857143, -0.5714286, 0, 0, 0.33333334, 0.6666667], [3, 2])]),
      Sample(
        "by the length", Normalizer(.l2), numbers,
        expected: [.floats([0.6, -0.8, 0, 0, 0.4472136, 0.8944272], [3, 2])]),
    ]
  }
  public static var failures: [Failure] {
    [
      Failure(
        Normalizer(), .uniform([2, 2, 2]),
        message: "Normalizer: X is float32[2, 2, 2], and should have samples and features, or be one sample")
    ]
  }
}
