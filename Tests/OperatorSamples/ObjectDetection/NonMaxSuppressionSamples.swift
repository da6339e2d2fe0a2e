import ThawTensor

extension NonMaxSuppression: Sampled {
  private static var boxes: SampleInput {
    .exact(.floats([0, 0, 1, 1, 0, 0.1, 1, 1.1, 0, 10, 1, 11], [1, 3, 4]))
  }
  private static var scores: SampleInput { .exact(.floats([0.9, 0.75, 0.6], [1, 1, 3])) }
  private static func number(_ value: Float) -> SampleInput { .exact(Tensor([value])) }

  public static var samples: [Sample] {
    [
      Sample(
        "the second overlaps the first", NonMaxSuppression(), boxes, scores, .ints([3]), number(0.5),
        expected: [.ints([0, 0, 0, 0, 0, 2], [2, 3])]),
      Sample(
        "at most one", NonMaxSuppression(), boxes, scores, .ints([1]), number(0.5),
        expected: [.ints([0, 0, 0], [1, 3])]),
      Sample(
        "a least score", NonMaxSuppression(), boxes, scores, .ints([3]), number(0.99), number(0.7),
        expected: [.ints([0, 0, 0, 0, 0, 1], [2, 3])]),
      Sample(
        "centres", NonMaxSuppression(hasCenters: true), boxes, scores, .ints([3]), number(0.5),
        expected: [.ints([0, 0, 0, 0, 0, 2], [2, 3])]),
      Sample("none asked for", NonMaxSuppression(), boxes, scores, expected: [.ints([], [0, 3])]),
    ]
  }

  public static var failures: [Failure] {
    [
      Failure(
        NonMaxSuppression(), .uniform([1, 2, 4]), .uniform([1, 1, 3]),
        message:
          "NonMaxSuppression: boxes have the shape [1, 2, 4] and scores [1, 1, 3]; they should be [batch, boxes, 4] and "
          + "[batch, classes, boxes]")
    ]
  }
}
