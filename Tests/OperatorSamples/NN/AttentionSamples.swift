import ThawTensor

extension Attention: Sampled {
  private static func attention(_ change: (inout Settings) -> Void = { _ in }) -> Attention {
    var settings = Settings()
    change(&settings)
    return Attention(settings)
  }

  public static var samples: [Sample] {
    let (q, k, v): (SampleInput, SampleInput, SampleInput) = (
      .uniform([2, 2, 3, 4]), .uniform([2, 2, 5, 4]), .uniform([2, 2, 5, 3])
    )
    return [
      Sample("four axes", attention(), q, k, v),
      Sample(
        "the mean of the values where all keys are equal", attention(), .floats([1, 2], [1, 1, 1, 2]),
        .floats([1, 1, 1, 1], [1, 1, 2, 2]), .floats([1, 3], [1, 1, 2, 1]), expected: [.floats([2], [1, 1, 1, 1])]),
      Sample(
        "three axes, shared heads",
        attention {
          $0.queryHeads = 4
          $0.keyHeads = 2
        }, .uniform([1, 2, 8]), .uniform([1, 3, 4]), .uniform([1, 3, 6])),
      Sample(
        "causal: the first query looks at the first key alone", attention { $0.isCausal = true },
        .uniform([1, 1, 2, 2]), .uniform([1, 1, 2, 2]), .floats([5, 7], [1, 1, 2, 1])),
      Sample(
        "a mask of truth values, one query blind", attention(), .uniform([1, 1, 2, 2]), .uniform([1, 1, 2, 2]),
        .uniform([1, 1, 2, 2]), .bools([true, false, false, false], [2, 2])),
      Sample(
        "a shorter mask of numbers, scores with it", attention { $0.scoresOutput = 2 }, q, k, v, .uniform([3, 4]),
        wanted: .only(0)),
      Sample(
        "past keys, causal, bounded",
        attention {
          $0.isCausal = true
          $0.softcap = 2
          $0.scale = 0.25
        }, q, .uniform([2, 2, 3, 4]), .uniform([2, 2, 3, 3]), nil, .uniform([2, 2, 2, 4]), .uniform([2, 2, 2, 3]),
        wanted: .only(0, 1, 2), outputs: 3),
      Sample(
        "a window, lengths without padding",
        attention {
          $0.leftWindow = 1
          $0.rightWindow = 1
        }, q, k, v, nil, nil, nil, .ints([5, 3])),
      Sample("weights", attention { $0.scoresOutput = 3 }, q, k, v, wanted: .only(0, 3), outputs: 4),
    ]
  }

  public static var failures: [Failure] {
    [
      Failure(
        attention(), .uniform([1, 2, 4]), .uniform([1, 2, 4]), .uniform([1, 2, 4]),
        message:
          "Attention: Q is float32[1, 2, 4], K float32[1, 2, 4] and V float32[1, 2, 4]; they should all have 4 axes, or 3 "
          + "and the attributes q_num_heads and kv_num_heads"),
      Failure(
        attention(), .uniform([1, 1, 2, 4]), .uniform([1, 1, 2, 3]), .uniform([1, 1, 2, 4]),
        message: "Attention: queries have the size 4 and keys 3; they should agree"),
      Failure(
        attention(), .uniform([1, 3, 2, 4]), .uniform([1, 2, 2, 4]), .uniform([1, 2, 2, 4]),
        message: "Attention: 3 heads of queries cannot share 2 heads of keys"),
      Failure(
        attention(), .uniform([1, 1, 2, 4]), .uniform([1, 1, 2, 4]), .uniform([1, 1, 2, 4]), nil,
        .uniform([1, 1, 2, 4]), message: "Attention: of past_key and past_value one is missing"),
    ]
  }
}

extension RotaryEmbedding: Sampled {
  public static var samples: [Sample] {
    let angles: SampleInput = .uniform([2, 3, 2], -1...1)
    return [
      Sample(
        "a quarter turn", RotaryEmbedding(), .floats([1, 2], [1, 1, 1, 2]), .floats([0], [1, 1, 1]),
        .floats([1], [1, 1, 1]), expected: [.floats([-2, 1], [1, 1, 1, 2])]),
      Sample("halves", RotaryEmbedding(), .uniform([2, 2, 3, 4]), angles, angles),
      Sample(
        "neighbours, three axes", RotaryEmbedding(heads: 2, interleaves: true), .uniform([2, 3, 8]), angles, angles),
      Sample(
        "part of a head, by places", RotaryEmbedding(turned: 4), .uniform([2, 1, 3, 6]), .uniform([5, 2]),
        .uniform([5, 2]), .ints([0, 4, 1, 2, 2, 3], [2, 3])),
    ]
  }

  public static var failures: [Failure] {
    [
      Failure(
        RotaryEmbedding(), .uniform([1, 2, 4]), .uniform([1, 2, 2]), .uniform([1, 2, 2]),
        message: "RotaryEmbedding: X is float32[1, 2, 4], and should have 4 axes, or 3 and the attribute num_heads"),
      Failure(
        RotaryEmbedding(turned: 3), .uniform([1, 1, 2, 4]), .uniform([1, 2, 2]), .uniform([1, 2, 2]),
        message:
          "RotaryEmbedding: of X float32[1, 1, 2, 4], with 0 heads, 3 elements cannot be turned in pairs"),
    ]
  }
}
