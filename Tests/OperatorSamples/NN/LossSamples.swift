import ThawTensor

extension NegativeLogLikelihoodLoss: Sampled {
  private static var numbers: SampleInput {
    .floats([1, 2, 2, 2, 3, 2, 0, 1, 2, 2, 1, 2], [2, 3, 2])
  }

  public static var samples: [Sample] {
    [
      Sample(
        "none", NegativeLogLikelihoodLoss(reduction: .none), numbers, .ints([2, 1, 0, 2], [2, 2]),
        expected: [.floats([-3, -2, 0, -2], [2, 2])]),
      Sample(
        "weighed, summed", NegativeLogLikelihoodLoss(reduction: .sum), numbers, .ints([2, 1, 0, 2], [2, 2]),
        .floats([0.2, 0.3, 0.1], [3]), expected: [.floats([-1.1], [])]),
      Sample(
        "weighed, mean", NegativeLogLikelihoodLoss(), numbers, .ints([2, 1, 0, 2], [2, 2]),
        .floats([0.2, 0.3, 0.1], [3]), expected: [.floats([-1.5714286], [])]),
      Sample(
        "one ignored", NegativeLogLikelihoodLoss(ignoreIndex: -100), .uniform([3, 4]), .ints([2, -100, 0])),
      Sample(
        "int32 labels, one ignored, weighed", NegativeLogLikelihoodLoss(reduction: .none, ignoreIndex: 1),
        .uniform([2, 4, 3]), .exact(Tensor(elements: [2, 1, 0, 3, 1, 1] as [Int32], shape: [2, 3])),
        .uniform([4], 0.5...2)),
    ]
  }

  public static var failures: [Failure] {
    [
      Failure(
        NegativeLogLikelihoodLoss(), .uniform([2, 3, 2]), .ints([0, 1, 2, 3], [2, 2]),
        message: "NegativeLogLikelihoodLoss: the label 3 at [1, 1] is not one of the 3 classes (expected 0 to 2)"),
      Failure(
        NegativeLogLikelihoodLoss(), .uniform([2, 3]), .ints([0, 1, 2]),
        message:
          "NegativeLogLikelihoodLoss: the scores are float32[2, 3], samples by classes by places, and the labels "
          + "int64[3]; a label is needed for each sample and place"),
      Failure(
        NegativeLogLikelihoodLoss(), .uniform([2, 3]), .ints([0, 1]), .uniform([2]),
        message: "NegativeLogLikelihoodLoss: the scores are float32[2, 3], and the weights should be one for each class"
      ),
      Failure(
        NegativeLogLikelihoodLoss(), .uniform([2, 3]), .uniform([2]),
        message: "NegativeLogLikelihoodLoss: the labels should be int32 or int64 and are float32"),
      Failure(
        NegativeLogLikelihoodLoss(), .uniform([2]), .ints([1]),
        message: "NegativeLogLikelihoodLoss: the scores are float32[2], samples by classes by places, and the labels "
          + "int64[1]; a label is needed for each sample and place"),
    ]
  }
}

extension SoftmaxCrossEntropyLoss: Sampled {
  public static var samples: [Sample] {
    [
      Sample(
        "mean", SoftmaxCrossEntropyLoss(), .floats([0, 0, 0, 0], [2, 2]), .ints([0, 1]),
        expected: [.floats([0.6931472], [])]),
      Sample(
        "both outputs", SoftmaxCrossEntropyLoss(reduction: .sum), .uniform([3, 4]), .ints([3, 0, 0]), wanted: .all,
        outputs: 2),
      Sample(
        "places, one ignored, weighed", SoftmaxCrossEntropyLoss(ignoreIndex: -1), .uniform([2, 4, 3]),
        .ints([2, -1, 0, 3, 1, 1], [2, 3]), .uniform([4], 0.5...2)),
      Sample(
        "none, int32 labels", SoftmaxCrossEntropyLoss(reduction: .none), .uniform([3, 4]),
        .exact(Tensor(elements: [2, 1, 0] as [Int32])), .uniform([4], 0.5...2)),
      Sample(
        "large scores", SoftmaxCrossEntropyLoss(reduction: .none), .floats([1000, 0, -1000, 0], [2, 2]), .ints([1, 0]),
        expected: [.floats([1000, 1000])]),
    ]
  }

  public static var failures: [Failure] {
    [
      Failure(
        SoftmaxCrossEntropyLoss(ignoreIndex: -100), .uniform([3, 4]), .ints([-100, 0, -1]),
        message:
          "SoftmaxCrossEntropyLoss: the label -1 at [2] is not one of the 4 classes (expected 0 to 3, or -100 to "
          + "be ignored)")
    ]
  }
}

extension SoftmaxCrossEntropyLossGradient: Sampled {
  public static var samples: [Sample] {
    [
      Sample("mean", SoftmaxCrossEntropyLossGradient(), .uniform([]), .uniform([3, 4], -3...0), .ints([3, 0, 0])),
      Sample(
        "none, one ignored, weighed", SoftmaxCrossEntropyLossGradient(reduction: .none, ignoreIndex: -1),
        .uniform([2, 3]), .uniform([2, 4, 3], -3...0), .ints([2, -1, 0, 3, 1, 1], [2, 3]), .uniform([4], 0.5...2)),
    ]
  }
}
