import ThawTensor

extension LinearAttention: Sampled {
  public static var samples: [Sample] {
    let (q, k, v): (SampleInput, SampleInput, SampleInput) = (
      .uniform([2, 3, 8]), .uniform([2, 3, 4]), .uniform([2, 3, 6])
    )
    let state: SampleInput = .uniform([2, 2, 2, 3])
    return [
      Sample(
        "values summed up", LinearAttention(rule: .linear, queryHeads: 1, keyHeads: 1, scale: 1),
        .floats([1, 1], [1, 2, 1]), .floats([1, 2], [1, 2, 1]), .floats([3, 4], [1, 2, 1]),
        wanted: .only(0, 1), outputs: 2, expected: [.floats([3, 11], [1, 2, 1]), .floats([11], [1, 1, 1, 1])]),
      Sample(
        "a decay of each key's place, shared heads", LinearAttention(rule: .gated, queryHeads: 4, keyHeads: 2), q, k, v,
        state, .uniform([2, 3, 4], -1...0), wanted: .only(0, 1), outputs: 2),
      Sample(
        "what is held taken off", LinearAttention(rule: .delta, queryHeads: 4, keyHeads: 2, scale: 0.5), q, k, v, state,
        nil, .uniform([2, 3, 1], 0...1), wanted: .only(0, 1), outputs: 2),
      Sample(
        "both, a decay of each head", LinearAttention(queryHeads: 2, keyHeads: 2), .uniform([2, 3, 4]), k, v, nil,
        .uniform([2, 3, 2], -1...0), .uniform([2, 3, 2], 0...1), wanted: .only(0, 1), outputs: 2),
    ]
  }

  public static var failures: [Failure] {
    [
      Failure(
        LinearAttention(rule: .gated, queryHeads: 1, keyHeads: 1), .uniform([1, 2, 2]), .uniform([1, 2, 2]),
        .uniform([1, 2, 2]), message: "LinearAttention: the update_rule gated needs the input decay"),
      Failure(
        LinearAttention(rule: .linear, queryHeads: 2, keyHeads: 2), .uniform([1, 2, 3]), .uniform([1, 2, 2]),
        .uniform([1, 2, 2]),
        message: "LinearAttention: the last axis of query, 3, does not divide into 2 heads"),
    ]
  }
}
