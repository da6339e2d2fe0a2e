import ThawTensor

extension BatchNormalization: Sampled {
  public static var samples: [Sample] {
    [
      Sample(
        "inference", BatchNormalization(epsilon: 0), .floats([1, 2, 3, 4], [1, 2, 2]), .floats([2, 10], [2]),
        .floats([0.5, 0], [2]), .floats([1, 3], [2]), .floats([4, 0.25], [2]),
        expected: [.floats([0.5, 1.5, 0, 20], [1, 2, 2])]),
      Sample(
        "inference, images", BatchNormalization(), .uniform([2, 3, 2, 2]), .uniform([3]), .uniform([3]), .uniform([3]),
        .uniform([3], 0.5...2)),
      Sample(
        "training", BatchNormalization(epsilon: 0, momentum: 0.75, trainingMode: true),
        .floats([1, 5, 3, 7], [2, 2]), .floats([1, 2], [2]), .floats([0, 1], [2]), .floats([4, 4], [2]),
        .floats([2, 4], [2]), wanted: .only(0, 1, 2), outputs: 3,
        expected: [.floats([-1, -1, 1, 3], [2, 2]), .floats([3.5, 4.5], [2]), .floats([1.75, 3.25], [2])]),
      Sample(
        "training, images", BatchNormalization(epsilon: 1e-3, trainingMode: true), .uniform([2, 3, 2, 2]),
        .uniform([3]), .uniform([3]), .uniform([3]), .uniform([3], 0.5...2), outputs: 3),
      Sample(
        "training, its own statistics too", BatchNormalization(trainingMode: true), .uniform([3, 2, 2]), .uniform([2]),
        .uniform([2]), .uniform([2]), .uniform([2], 0.5...2), wanted: .only(0, 3, 4), outputs: 5),
      Sample(
        "statistics for each place", BatchNormalization(isSpatial: false), .uniform([2, 2, 3]), .uniform([2, 3]),
        .uniform([2, 3]), .uniform([2, 3]), .uniform([2, 3], 0.5...2)),
      Sample(
        "training, statistics for each place", BatchNormalization(trainingMode: true, isSpatial: false),
        .uniform([3, 2, 2]), .uniform([2, 2]), .uniform([2, 2]), .uniform([2, 2]), .uniform([2, 2], 0.5...2),
        outputs: 5),
      Sample(
        "vector", BatchNormalization(trainingMode: true), .uniform([4]), .uniform([1]), .uniform([1]), .uniform([1]),
        .uniform([1], 0.5...2), outputs: 3),
    ]
  }

  public static var failures: [Failure] {
    [
      Failure(
        BatchNormalization(), .uniform([1, 2, 3]), .uniform([3]), .uniform([2]), .uniform([2]), .uniform([2]),
        message: "BatchNormalization: input 1 (scale) is float32[3], and for X of float32[1, 2, 3] its shape should be "
          + "[2]"),
      Failure(
        BatchNormalization(trainingMode: true), .uniform([0, 2]), .uniform([2]), .uniform([2]), .uniform([2]),
        .uniform([2]),
        message: "BatchNormalization: an empty batch has no statistics to train with; X is float32[0, 2]"),
      Failure(
        BatchNormalization(), .uniform([]), .uniform([1]), .uniform([1]), .uniform([1]), .uniform([1]),
        message: "BatchNormalization: X is a scalar, and should have at least a batch axis"),
    ]
  }
}

extension BatchNormalizationGradient: Sampled {
  public static var samples: [Sample] {
    [
      Sample(
        "inference", BatchNormalizationGradient(trainingMode: false), .uniform([2, 3, 2]), .uniform([2, 3, 2]),
        .uniform([3]), .uniform([3]), .uniform([3], 0.5...2), wanted: .all, outputs: 3),
      Sample(
        "inference, X alone", BatchNormalizationGradient(trainingMode: false), .uniform([2, 3]), nil, .uniform([3]),
        .uniform([3]), .uniform([3], 0.5...2)),
      Sample(
        "training", BatchNormalizationGradient(trainingMode: true), .uniform([2, 3, 2, 2]), .uniform([2, 3, 2, 2]),
        .uniform([3]), .uniform([3]), .uniform([3], 0.5...2), wanted: .all, outputs: 3),
      Sample(
        "training, statistics for each place", BatchNormalizationGradient(trainingMode: true, isSpatial: false),
        .uniform([3, 2, 2]), .uniform([3, 2, 2]), .uniform([2, 2]), .uniform([2, 2]), .uniform([2, 2], 0.5...2),
        wanted: .all, outputs: 3),
    ]
  }

  public static var failures: [Failure] {
    [
      Failure(
        BatchNormalizationGradient(trainingMode: true), .uniform([2, 3]), nil, .uniform([3]), .uniform([3]),
        .uniform([3]),
        message: "BatchNormalizationGradient: input 1 (X) is missing, and a wanted gradient reads it")
    ]
  }
}
