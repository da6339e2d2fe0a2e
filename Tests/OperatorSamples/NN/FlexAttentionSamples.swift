import ThawTensor

extension FlexAttention: Sampled {
  /// Scores plus a captured tensor.
  private static let shifted = SwiftBody(inputs: [.floats], captures: 1, outputs: [.floats]) { inputs, captured in
    [inputs[0] + captured[0]]
  }
  /// Weights times themselves and a captured tensor.
  private static let squared = SwiftBody(inputs: [.floats], captures: 1, outputs: [.floats]) { inputs, captured in
    [inputs[0] * inputs[0] * captured[0]]
  }
  private static let single = SwiftBody(inputs: [.floats], outputs: [.floats]) { inputs, _ in [inputs[0].sum()] }

  public static var samples: [Sample] {
    let (q, k, v): (SampleInput, SampleInput, SampleInput) = (
      .uniform([2, 4, 3, 4]), .uniform([2, 2, 5, 4]), .uniform([2, 2, 5, 3])
    )
    return [
      Sample("shared heads", FlexAttention(), q, k, v),
      Sample(
        "the mean of the values where all keys are equal", FlexAttention(scale: 0.3), .floats([1, 2], [1, 1, 1, 2]),
        .floats([1, 1, 1, 1], [1, 1, 2, 2]), .floats([1, 3], [1, 1, 2, 1]), expected: [.floats([2], [1, 1, 1, 1])]),
      Sample(
        "scores masked by what is captured", FlexAttention(scores: shifted), .floats([1, 2], [1, 1, 1, 2]),
        .floats([1, 1, 1, 1], [1, 1, 2, 2]), .floats([1, 3], [1, 1, 2, 1]), .floats([-1e9, 0], [2]),
        expected: [.floats([3], [1, 1, 1, 1])]),
      Sample(
        "both changed", FlexAttention(scores: shifted, weights: squared), q, k, v, .uniform([3, 5]), .uniform([5])),
      Sample("weights alone", FlexAttention(weights: squared), q, k, v, .uniform([1])),
    ]
  }

  public static var failures: [Failure] {
    [
      Failure(
        FlexAttention(), .uniform([1, 2, 4]), .uniform([1, 2, 4]), .uniform([1, 2, 4]),
        message:
          "FlexAttention: Q is float32[1, 2, 4], K float32[1, 2, 4] and V float32[1, 2, 4]; they should be of one "
          + "floating type and have 4 axes"),
      Failure(
        FlexAttention(), .uniform([1, 3, 2, 4]), .uniform([1, 2, 2, 4]), .uniform([1, 2, 2, 4]),
        message:
          "FlexAttention: Q is float32[1, 3, 2, 4], K float32[1, 2, 2, 4] and V float32[1, 2, 2, 4]; queries and keys "
          + "should be of one size, keys and values as many, and the heads of queries a multiple of theirs"),
      Failure(
        FlexAttention(scores: single), .uniform([1, 1, 1, 2]), .uniform([1, 1, 1, 2]), .uniform([1, 1, 1, 2]),
        message:
          "FlexAttention: score_mod was given float32[1, 1, 1, 1] and gave float32[]; both should be one"),
    ]
  }
}
