import ThawTensor

extension CausalConvWithState: Sampled {
  public static var samples: [Sample] {
    [
      Sample(
        "sums of two, zeros before", CausalConvWithState(), .floats([1, 2, 3], [1, 1, 3]), .floats([1, 1], [1, 1, 2]),
        wanted: .only(0, 1), outputs: 2, expected: [.floats([1, 3, 5], [1, 1, 3]), .floats([3], [1, 1, 1])]),
      Sample(
        "a state, a bias, an activation", CausalConvWithState(activates: true), .uniform([2, 3, 4]),
        .uniform([3, 1, 3]), .uniform([3]), .uniform([2, 3, 2]), wanted: .only(0, 1), outputs: 2),
      Sample(
        "fewer places than the state has", CausalConvWithState(), .uniform([1, 2, 1]), .uniform([2, 1, 4]), nil,
        .uniform([1, 2, 3]), wanted: .only(0, 1), outputs: 2),
      Sample(
        "one tap", CausalConvWithState(), .uniform([1, 2, 3]), .uniform([2, 1, 1])),
    ]
  }

  public static var failures: [Failure] {
    [
      Failure(
        CausalConvWithState(), .uniform([1, 2, 3]), .uniform([3, 1, 2]),
        message:
          "CausalConvWithState: the input is float32[1, 2, 3] and the weight float32[3, 1, 2]; they should be (batch, "
          + "channels, places) and (channels, 1, taps)"),
      Failure(
        CausalConvWithState(), .uniform([1, 2, 3]), .uniform([2, 1, 2]), nil, .uniform([1, 2, 2]),
        message: "CausalConvWithState: past_state is float32[1, 2, 2], and should be float32[1, 2, 1]"),
    ]
  }
}
