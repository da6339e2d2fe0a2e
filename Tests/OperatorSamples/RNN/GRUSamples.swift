import ThawTensor

// Expectations are ONNX Runtime's; of the batch-first layout, which it does not have, those of the transposed inputs.
extension GRU: Sampled {
  public static var samples: [Sample] {
    [
      Sample(
        "forward", GRU(hiddenSize: 2), .wave([3, 2, 2], 0.1), .wave([1, 6, 2], 0.2), .wave([1, 6, 2], 0.3),
        .wave([1, 12], 0.4), wanted: .only(0, 1), outputs: 2,
        expected: [
          .floats(
            [
              -0.0469954, 0.4566562, 0.0615112, 0.1177007, 0.035139, 0.6546046, -0.0461633, 0.3526317, 0.2372884,
              0.5346605, -0.089868, 0.6754245,
            ], [3, 1, 2, 2]), .floats([0.2372884, 0.5346605, -0.089868, 0.6754245], [1, 2, 2]),
        ]),
      Sample(
        "forward from a state", GRU(hiddenSize: 2), .wave([3, 2, 2], 0.1), .wave([1, 6, 2], 0.2),
        .wave([1, 6, 2], 0.3), .wave([1, 12], 0.4), nil, .wave([1, 2, 2], 0.5), wanted: .only(0, 1), outputs: 2,
        expected: [
          .floats(
            [
              0.4417368, 0.9862381, 0.190475, -0.8333656, 0.4362459, 0.9398295, -0.038695, -0.5882407, 0.5011915,
              0.7542222, -0.1316124, -0.1004154,
            ], [3, 1, 2, 2]), .floats([0.5011915, 0.7542222, -0.1316124, -0.1004154], [1, 2, 2]),
        ]),
      Sample(
        "linear before reset", GRU(hiddenSize: 2, isLinearBeforeReset: true), .wave([3, 2, 2], 0.1),
        .wave([1, 6, 2], 0.2), .wave([1, 6, 2], 0.3), .wave([1, 12], 0.4), wanted: .only(0, 1), outputs: 2,
        expected: [
          .floats(
            [
              -0.0693447, 0.4376372, -0.1352807, 0.0522302, -0.0272267, 0.4479833, -0.248615, 0.2908219, 0.1792954,
              0.1686305, -0.2920364, 0.6315079,
            ], [3, 1, 2, 2]), .floats([0.1792954, 0.1686305, -0.2920364, 0.6315079], [1, 2, 2]),
        ]),
      Sample(
        "linear before reset, no bias", GRU(hiddenSize: 2, isLinearBeforeReset: true), .wave([3, 2, 2], 0.1),
        .wave([1, 6, 2], 0.2), .wave([1, 6, 2], 0.3), nil, nil, .wave([1, 2, 2], 0.5), wanted: .only(0, 1), outputs: 2,
        expected: [
          .floats(
            [
              0.3353251, 0.9499764, 0.1616474, -0.9150559, 0.2498962, 0.3762698, -0.3972608, -0.5978752, 0.5519752,
              -0.1918701, -0.4878151, 0.0810764,
            ], [3, 1, 2, 2]), .floats([0.5519752, -0.1918701, -0.4878151, 0.0810764], [1, 2, 2]),
        ]),
      Sample(
        "both directions, lengths", GRU(hiddenSize: 2, direction: .bidirectional, isLinearBeforeReset: true),
        .wave([3, 2, 2], 0.1), .wave([2, 6, 2], 0.2), .wave([2, 6, 2], 0.3), .wave([2, 12], 0.4), .lengths([1, 3]),
        .wave([2, 2, 2], 0.5), wanted: .only(0, 1), outputs: 2,
        expected: [
          .floats(
            [
              0.437156, 0.9766889, -0.2034058, -0.8709989, 0.7369679, -0.0070875, 0.591068, -0.346019, 0, 0, -0.4175735,
              -0.6189154, 0, 0, 0.9168134, -0.8891393, 0, 0, -0.4871742, -0.1123985, 0, 0, 0.9494953, -0.7584338,
            ], [3, 2, 2, 2]),
          .floats(
            [0.437156, 0.9766889, -0.4871742, -0.1123985, 0.7369679, -0.0070875, 0.591068, -0.346019], [2, 2, 2]),
        ]),
      Sample(
        "reverse, activations, clip",
        GRU(
          hiddenSize: 2, direction: .reverse, activations: [.hardSigmoid(alpha: 0.25, beta: 0.45), .elu(alpha: 0.9)],
          clip: 0.5), .wave([3, 2, 2], 0.1), .wave([1, 6, 2], 0.2), .wave([1, 6, 2], 0.3), .wave([1, 12], 0.4),
        .lengths([2, 3]), .wave([1, 2, 2], 0.5), wanted: .only(0, 1), outputs: 2,
        expected: [
          .floats(
            [
              0.0813249, 0.5624118, -0.0227956, 0.2240369, 0.4031772, 0.6716166, -0.2232931, 0.0200641, 0, 0,
              -0.1265931, -0.3346712,
            ], [3, 1, 2, 2]), .floats([0.0813249, 0.5624118, -0.0227956, 0.2240369], [1, 2, 2]),
        ]),
      Sample(
        "batch first", GRU(hiddenSize: 2, isBatchFirst: true), .wave([2, 3, 2], 0.1), .wave([1, 6, 2], 0.2),
        .wave([1, 6, 2], 0.3), .wave([1, 12], 0.4), nil, .wave([2, 1, 2], 0.5), wanted: .only(0, 1), outputs: 2,
        expected: [
          .floats(
            [
              0.4417368, 0.9862381, 0.3637606, 0.9543104, 0.3664221, 0.9228374, -0.164999, -0.7054412, 0.4396773,
              -0.5777192, 0.294806, -0.1275476,
            ], [2, 3, 1, 2]), .floats([0.3664221, 0.9228374, 0.294806, -0.1275476], [2, 1, 2]),
        ]),
    ]
  }

  public static var failures: [Failure] {
    [
      Failure(
        GRU(hiddenSize: 2), .ints([1, 2, 3, 4], [2, 1, 2]), .wave([1, 6, 2], 0.2), .wave([1, 6, 2], 0.3),
        message: "GRU: X is int64[2, 1, 2], and only floating-point numbers go through the gates"),
      Failure(
        GRU(hiddenSize: 2), .wave([3, 1, 2], 0.1), .wave([1, 6, 2], 0.2), .wave([1, 6, 2], 0.3), .wave([1, 6], 0.4),
        message: "GRU: B is float32[1, 6], and should have the shape [1, 12]"),
    ]
  }
}
