import ThawTensor

extension LayerNormalization: Sampled {
  public static var samples: [Sample] {
    [
      Sample(
        "with statistics", LayerNormalization(epsilon: 0), .floats([1, 3, 2, 10], [2, 2]), .floats([1, 2], [2]),
        .floats([0, 10], [2]), wanted: .only(0, 1, 2), outputs: 3,
        expected: [
          .floats([-1, 12, -1, 12], [2, 2]), .floats([2, 6], [2, 1]), .floats([1, 0.25], [2, 1]),
        ]),
      Sample("last axis, no bias", LayerNormalization(), .uniform([2, 3, 4]), .uniform([4])),
      Sample("two axes", LayerNormalization(axis: 1), .uniform([2, 3, 4]), .uniform([3, 4]), .uniform([3, 4])),
      Sample(
        "everything", LayerNormalization(axis: 0, epsilon: 1e-3), .uniform([2, 3]), .uniform([2, 3]), .uniform([2, 3])),
      Sample(
        "weights that broadcast", LayerNormalization(axis: 1), .uniform([2, 3, 4]), .uniform([4]), .uniform([3, 1])),
    ]
  }

  public static var failures: [Failure] {
    [
      Failure(
        LayerNormalization(), .uniform([2, 3]), .uniform([2]),
        message: "LayerNormalization: a weight is float32[2], and should broadcast to a row of X, which has shape [3]"),
      Failure(
        LayerNormalization(axis: 2), .uniform([2, 3]), .uniform([3]),
        message: "LayerNormalization: axis 2 is out of range for a tensor of rank 2 (expected -2 to 1)"),
    ]
  }
}

extension LayerNormalizationGradient: Sampled {
  public static var samples: [Sample] {
    [
      Sample(
        "last axis", LayerNormalizationGradient(), .uniform([2, 3, 4]), .uniform([2, 3, 4]), .uniform([4]),
        .uniform([2, 3, 1]), .uniform([2, 3, 1], 0.5...2), wanted: .all, outputs: 3),
      Sample(
        "two axes, scale broadcast", LayerNormalizationGradient(axis: -2), .uniform([2, 3, 4]), .uniform([2, 3, 4]),
        .uniform([3, 1]), .uniform([2, 1, 1]), .uniform([2, 1, 1], 0.5...2), wanted: .all, outputs: 3),
    ]
  }

  public static var failures: [Failure] {
    [
      Failure(
        LayerNormalizationGradient(), .uniform([2, 3]), .uniform([2, 3]), .uniform([3]), .uniform([2]),
        .uniform([2, 1]),
        message: "LayerNormalizationGradient: input 3 (Mean) should have shape [2, 1] and has [2]")
    ]
  }
}

extension InstanceNormalization: Sampled {
  public static var samples: [Sample] {
    [
      Sample(
        "channels by themselves", InstanceNormalization(epsilon: 0), .floats([1, 3, 2, 10], [1, 2, 2]),
        .floats([1, 2], [2]), .floats([0, 10], [2]), expected: [.floats([-1, 1, 8, 12], [1, 2, 2])]),
      Sample("images", InstanceNormalization(), .uniform([2, 3, 2, 3]), .uniform([3]), .uniform([3])),
    ]
  }

  public static var failures: [Failure] {
    [
      Failure(
        InstanceNormalization(), .uniform([2, 3]), .uniform([3]), .uniform([3]),
        message: "InstanceNormalization: the input is float32[2, 3], and should have batch, channels and space"),
      Failure(
        InstanceNormalization(), .uniform([2, 3, 4]), .uniform([4]), .uniform([3]),
        message: "InstanceNormalization: the bias should have shape [3] and has [4]"),
    ]
  }
}
