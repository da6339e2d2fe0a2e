import ThawTensor

extension LinearClassifier: Sampled {
  public static var samples: [Sample] {
    [
      Sample(
        "three classes",
        LinearClassifier(coefficients: [1, 0, 0, 1, -1, -1], intercepts: [0, 0, 1], labels: .integers([5, 6, 7])),
        .exact(.floats([2, 1, -1, -1], [2, 2])), wanted: .all, outputs: 2,
        expected: [.ints([5, 7]), .floats([2, 1, -2, -1, -1, 3], [2, 3])]),
      Sample(
        "one sum for two classes", LinearClassifier(coefficients: [1, 1], intercepts: [0], labels: .integers([3, 4])),
        .exact(.floats([1, 1, -1, 0], [2, 2])), wanted: .all, outputs: 2,
        expected: [.ints([4, 3]), .floats([-1, 2, 2, -1], [2, 2])]),
    ]
  }
}

extension LinearClassifier: ValueSampled {
  public static var valueSamples: [ValueSample] {
    [
      ValueSample(
        "strings for labels",
        LinearClassifier(coefficients: [1, -1], intercepts: [0, 0], labels: .texts(["up", "down"])),
        [.floats([2, -3], [2, 1])], expected: [.strings(["up", "down"]), .floats([2, -2, -3, 3], [2, 2])])
    ]
  }
}
