import ThawTensor

extension ArrayFeatureExtractor: Sampled {
  public static var samples: [Sample] {
    [
      Sample(
        "columns", ArrayFeatureExtractor(), .floats([1, 2, 3, 4, 5, 6], [2, 3]), .ints([2, 0]),
        expected: [.floats([3, 1, 6, 4], [2, 2])]),
      Sample(
        "of a vector", ArrayFeatureExtractor(), .floats([1, 2, 3], [3]), .ints([1], [1, 1]),
        expected: [.floats([2], [1, 1])]),
      Sample("three axes", ArrayFeatureExtractor(), .uniform([2, 2, 3]), .ints([0, 2])),
      Sample(
        "integers", ArrayFeatureExtractor(), .ints([7, 8, 9, 10], [2, 2]), .ints([1]),
        expected: [.ints([8, 10], [2, 1])]),
    ]
  }

  public static var failures: [Failure] {
    [
      Failure(
        ArrayFeatureExtractor(), .uniform([2]), .exact(.floats([0])),
        message: "ArrayFeatureExtractor: Y is float32[1], and should be of int64")
    ]
  }
}

extension ArrayFeatureExtractor: ValueSampled {
  public static var valueSamples: [ValueSample] {
    [
      ValueSample(
        "strings", ArrayFeatureExtractor(), [.strings(["a", "b", "c", "d"], [2, 2]), .ints([1])],
        expected: [.strings(["b", "d"], [2, 1])])
    ]
  }
}
