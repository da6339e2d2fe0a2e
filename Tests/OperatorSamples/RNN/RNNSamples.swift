import ThawTensor

// Expectations are ONNX Runtime's; of the batch-first layout, which it does not have, those of the transposed inputs.
extension RNN: Sampled {
  public static var samples: [Sample] {
    [
      Sample(
        "forward", RNN(hiddenSize: 2), .wave([3, 2, 2], 0.1), .wave([1, 2, 2], 0.2), .wave([1, 2, 2], 0.3),
        .wave([1, 4], 0.4), wanted: .only(0, 1), outputs: 2,
        expected: [
          .floats(
            [
              0.9109968, -0.6027334, -0.1385639, 0.6847166, 0.3298811, 0.2775773, 0.9208829, -0.3818187, 0.0389078,
              0.1832089, 0.9024593, 0.008823,
            ], [3, 1, 2, 2]), .floats([0.0389078, 0.1832089, 0.9024593, 0.008823], [1, 2, 2]),
        ]),
      Sample(
        "both directions, activations, lengths",
        RNN(hiddenSize: 2, direction: .bidirectional, activations: [.softplus, .thresholdedRelu(alpha: 0.2)]),
        .wave([3, 2, 2], 0.1), .wave([2, 2, 2], 0.2), .wave([2, 2, 2], 0.3), .wave([2, 4], 0.4), .lengths([3, 2]),
        .wave([2, 2, 2], 0.5), wanted: .only(0, 1), outputs: 2,
        expected: [
          .floats(
            [
              2.7168341, 0.2142627, 0.2927813, 1.8486109, 1.1735595, 0.7518939, 0.8537529, 0.891147, 1.8618739,
              0.6956636, 2.9399893, 0.2381516, 0, 1.0974894, 0, 2.3900273, 1.2479674, 0.7912501, 0, 0, 1.4216447, 0, 0,
              0,
            ], [3, 2, 2, 2]),
          .floats([1.2479674, 0.7912501, 2.9399893, 0.2381516, 1.1735595, 0.7518939, 0.8537529, 0.891147], [2, 2, 2]),
        ]),
      Sample(
        "reverse, no bias", RNN(hiddenSize: 2, direction: .reverse, activations: [.relu]), .wave([3, 2, 2], 0.1),
        .wave([1, 2, 2], 0.2), .wave([1, 2, 2], 0.3), nil, nil, .wave([1, 2, 2], 0.5), wanted: .only(0, 1), outputs: 2,
        expected: [
          .floats(
            [1.067495, 0, 0, 0.9244879, 0.2188682, 0, 0.6773124, 0, 0.248556, 0, 0.1253858, 0.2195613], [3, 1, 2, 2]),
          .floats([1.067495, 0, 0, 0.9244879], [1, 2, 2]),
        ]),
      Sample(
        "batch first, clip", RNN(hiddenSize: 2, clip: 0.6, isBatchFirst: true), .wave([2, 3, 2], 0.1),
        .wave([1, 2, 2], 0.2), .wave([1, 2, 2], 0.3), .wave([1, 4], 0.4), nil, .wave([2, 1, 2], 0.5),
        wanted: .only(0, 1), outputs: 2,
        expected: [
          .floats(
            [
              0.5370497, -0.5370496, -0.4758244, 0.5370497, 0.5370497, -0.5370496, 0.0124198, 0.5370497, 0.2016702,
              -0.1162729, 0.5370497, -0.3753974,
            ], [2, 3, 1, 2]), .floats([0.5370497, -0.5370496, 0.5370497, -0.3753974], [2, 1, 2]),
        ]),
      // ONNX's own case test_simple_rnn_bidirectional.
      Sample(
        "ONNX: both directions", RNN(hiddenSize: 4, direction: .bidirectional),
        .floats([1, 2, 3, 4, 5, 6], [3, 1, 2]), .floats((0..<16).map { $0 < 8 ? 0.5 : 2 }, [2, 4, 2]),
        .floats((0..<32).map { $0 < 16 ? 0.5 : 2 }, [2, 4, 4]), wanted: .only(1), outputs: 2,
        expected: [nil, .floats([0.9999994, 0.9999994, 0.9999994, 0.9999994, 1, 1, 1, 1], [2, 1, 4])]),
    ]
  }

  public static var failures: [Failure] {
    [
      Failure(
        RNN(hiddenSize: 2), .wave([3, 1, 2], 0.1), .wave([1, 2, 2], 0.2), message: "RNN: input 2 (R) is missing"),
      Failure(
        RNN(hiddenSize: 2), .wave([3, 1, 2], 0.1), .exact(.ints([1, 2, 3, 4], [1, 2, 2])), .wave([1, 2, 2], 0.3),
        message: "RNN: W is int64[1, 2, 2], and should be float32: convert it with Cast (cast(to:))"),
    ]
  }
}
