import ThawTensor

extension OneHotEncoder: Sampled {
  public static var samples: [Sample] {
    [
      Sample(
        "integers", OneHotEncoder(.integers([2, 4])), .ints([4, 3, 2], [3, 1]),
        expected: [.floats([0, 1, 0, 0, 1, 0], [3, 1, 2])])
    ]
  }
  public static var failures: [Failure] {
    [
      Failure(
        OneHotEncoder(.integers([2]), allowsOthers: false), .ints([2, 3]),
        message: "OneHotEncoder: element 1 of X is none of the 1 categories, and zeros is 0")
    ]
  }
}

extension OneHotEncoder: ValueSampled {
  public static var valueSamples: [ValueSample] {
    [
      ValueSample(
        "strings", OneHotEncoder(.texts(["a", "b"])), [.strings(["b", "z"])],
        expected: [.floats([0, 1, 0, 0], [2, 2])])
    ]
  }
}
