import ThawTensor

extension FeatureVectorizer: Sampled {
  public static var samples: [Sample] {
    [
      Sample(
        "cut and filled up", FeatureVectorizer(widths: [1, 3]), .exact(.floats([1, 2, 3, 4], [2, 2])),
        .ints([5, 6, 7, 8], [2, 2]), expected: [.floats([1, 5, 6, 0, 3, 7, 8, 0], [2, 4])])
    ]
  }
  public static var failures: [Failure] {
    [
      Failure(
        FeatureVectorizer(widths: [1]), .uniform([1, 1]), .uniform([1, 1]),
        message: "FeatureVectorizer: there are 2 inputs, and widths for 1")
    ]
  }
}
