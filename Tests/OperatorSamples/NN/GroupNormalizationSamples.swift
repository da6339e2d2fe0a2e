import ThawTensor

extension GroupNormalization: Sampled {
  public static var samples: [Sample] {
    [
      Sample(
        "two groups of two channels", GroupNormalization(groups: 2), .uniform([2, 4, 3]), .uniform([4]), .uniform([4])),
      Sample(
        "a scale for each channel", GroupNormalization(groups: 1, epsilon: 0), .floats([1, 3, 1, 3], [1, 2, 2]),
        .floats([1, 2], [2]), .floats([0, 10], [2]), expected: [.floats([-1, 1, 8, 12], [1, 2, 2])]),
      Sample(
        "a scale for each group", GroupNormalization(groups: 2, epsilon: 0, scalesGroups: true),
        .floats([1, 3, 1, 3], [1, 4]), .floats([1, 2], [2]), .floats([0, 10], [2]),
        expected: [.floats([-1, 1, 8, 12], [1, 4])]),
    ]
  }

  public static var failures: [Failure] {
    [
      Failure(
        GroupNormalization(groups: 3), .uniform([2, 4, 3]), .uniform([4]), .uniform([4]),
        message: "GroupNormalization: 4 channels do not divide into 3 groups"),
      Failure(
        GroupNormalization(groups: 2), .uniform([2, 4, 3]), .uniform([2]), .uniform([4]),
        message: "GroupNormalization: the bias should have shape [4] and has [2]"),
    ]
  }
}
