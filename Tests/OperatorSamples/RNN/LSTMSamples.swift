import ThawTensor

// Expectations are ONNX Runtime's; of the batch-first layout, which it does not have, those of the transposed inputs.
extension LSTM: Sampled {
  public static var samples: [Sample] {
    [
      Sample(
        "forward", LSTM(hiddenSize: 2), .wave([3, 2, 2], 0.1), .wave([1, 8, 2], 0.2), .wave([1, 8, 2], 0.3),
        .wave([1, 16], 0.4), wanted: .only(0, 1, 2), outputs: 3,
        expected: [
          .floats(
            [
              -0.1272576, 0.2041636, 0.1082116, 0.0168402, 0.0426715, 0.1399536, 0.0935624, 0.235365, 0.1644731,
              0.1331009, -0.2242548, 0.3686309,
            ], [3, 1, 2, 2]), .floats([0.1644731, 0.1331009, -0.2242548, 0.3686309], [1, 2, 2]),
          .floats([0.2115282, 0.5341244, -0.3236087, 0.6345143], [1, 2, 2]),
        ]),
      Sample(
        "reverse, no bias", LSTM(hiddenSize: 2, direction: .reverse), .wave([3, 2, 2], 0.1), .wave([1, 8, 2], 0.2),
        .wave([1, 8, 2], 0.3), wanted: .only(0, 1, 2), outputs: 3,
        expected: [
          .floats(
            [
              -0.3041849, 0.1634868, -0.0022121, -0.1922387, -0.0028417, 0.0505495, -0.141763, 0.0430986, 0.1125413,
              -0.0217125, -0.2556846, 0.105156,
            ], [3, 1, 2, 2]), .floats([-0.3041849, 0.1634868, -0.0022121, -0.1922387], [1, 2, 2]),
          .floats([-0.5746952, 0.3037053, -0.0059156, -0.3664243], [1, 2, 2]),
        ]),
      Sample(
        "everything", LSTM(hiddenSize: 2, direction: .bidirectional), .wave([3, 2, 2], 0.1), .wave([2, 8, 2], 0.2),
        .wave([2, 8, 2], 0.3), .wave([2, 16], 0.4), .lengths([3, 1]), .wave([2, 2, 2], 0.5), .wave([2, 2, 2], 0.6),
        .wave([2, 6], 0.7), wanted: .only(0, 1, 2), outputs: 3,
        expected: [
          .floats(
            [
              -0.5041609, 0.2914428, 0.0305534, -0.3603377, 0.1989268, -0.1032354, -0.1494921, -0.0470326, -0.2837239,
              0.0524708, 0, 0, 0.0707234, -0.2877031, 0, 0, -0.0641174, 0.0668881, 0, 0, 0.0122838, -0.1706356, 0, 0,
            ], [3, 2, 2, 2]),
          .floats(
            [-0.0641174, 0.0668881, 0.0305534, -0.3603377, 0.1989268, -0.1032354, -0.1494921, -0.0470326], [2, 2, 2]),
          .floats(
            [-0.0783147, 1.101882, 0.0705271, -0.5703661, 0.6254752, -0.6481814, -0.2764054, -0.1394427], [2, 2, 2]),
        ]),
      Sample(
        "reverse, lengths, zero state", LSTM(hiddenSize: 2, direction: .reverse), .wave([3, 2, 2], 0.1),
        .wave([1, 8, 2], 0.2), .wave([1, 8, 2], 0.3), .wave([1, 16], 0.4), .lengths([2, 3]), wanted: .only(0, 1, 2),
        outputs: 3,
        expected: [
          .floats(
            [
              -0.1788947, 0.3419127, 0.1429808, 0.2622216, 0.1404739, 0.124218, 0.0352152, 0.3999639, 0, 0, -0.1267361,
              0.2486454,
            ], [3, 1, 2, 2]), .floats([-0.1788947, 0.3419127, 0.1429808, 0.2622216], [1, 2, 2]),
          .floats([-0.2391196, 0.6895182, 0.2417517, 0.492295], [1, 2, 2]),
        ]),
      Sample(
        "equal lengths", LSTM(hiddenSize: nil), .wave([3, 2, 2], 0.1), .wave([1, 8, 2], 0.2), .wave([1, 8, 2], 0.3),
        .wave([1, 16], 0.4), .lengths([3, 3]), nil, .wave([1, 2, 2], 0.6), wanted: .only(0, 1, 2), outputs: 3,
        expected: [
          .floats(
            [
              -0.0566178, 0.4098969, 0.098713, -0.1421956, 0.0037607, 0.1941562, 0.1122945, 0.0752298, 0.1499773,
              0.142215, -0.1511301, 0.2953021,
            ], [3, 1, 2, 2]), .floats([0.1499773, 0.142215, -0.1511301, 0.2953021], [1, 2, 2]),
          .floats([0.1902039, 0.5986049, -0.2200338, 0.4813855], [1, 2, 2]),
        ]),
      Sample(
        "coupled gates", LSTM(hiddenSize: 2, couplesGates: true), .wave([3, 2, 2], 0.1), .wave([1, 8, 2], 0.2),
        .wave([1, 8, 2], 0.3), .wave([1, 16], 0.4), nil, .wave([1, 2, 2], 0.5), .wave([1, 2, 2], 0.6),
        wanted: .only(0, 1, 2), outputs: 3,
        expected: [
          .floats(
            [
              -0.4355191, 0.4853544, 0.0197785, -0.3329632, -0.2557243, 0.1633137, 0.1281503, -0.0033862, -0.0463001,
              0.1444956, -0.0672682, 0.2589879,
            ], [3, 1, 2, 2]), .floats([-0.0463001, 0.1444956, -0.0672682, 0.2589879], [1, 2, 2]),
          .floats([-0.056269, 0.792035, -0.0981951, 0.4124621], [1, 2, 2]),
        ]),
      Sample(
        "coupled gates, peepholes, clip", LSTM(hiddenSize: 2, clip: 0.4, couplesGates: true), .wave([3, 2, 2], 0.1),
        .wave([1, 8, 2], 0.2), .wave([1, 8, 2], 0.3), .wave([1, 16], 0.4), nil, .wave([1, 2, 2], 0.5),
        .wave([1, 2, 2], 0.6), .wave([1, 6], 0.7), wanted: .only(0, 1, 2), outputs: 3,
        expected: [
          .floats(
            [
              -0.0005225, 0.2901345, 0.0505538, -0.3298558, 0.0472947, 0.1859438, 0.1077483, -0.0641832, 0.1180923,
              0.1622413, -0.0375043, 0.0742877,
            ], [3, 1, 2, 2]), .floats([0.1180923, 0.1622413, -0.0375043, 0.0742877], [1, 2, 2]),
          .floats([0.1998716, 0.428751, -0.0627264, 0.124727], [1, 2, 2]),
        ]),
      Sample(
        "clip", LSTM(hiddenSize: 2, clip: 0.4), .wave([3, 2, 2], 0.1), .wave([1, 8, 2], 0.2), .wave([1, 8, 2], 0.3),
        .wave([1, 16], 0.4), nil, .wave([1, 2, 2], 0.5), .wave([1, 2, 2], 0.6), wanted: .only(0, 1, 2), outputs: 3,
        expected: [
          .floats(
            [
              -0.0005225, 0.368971, 0.0558906, -0.3131213, 0.0272955, 0.1750927, 0.1009527, -0.1084312, 0.10521,
              0.1576487, -0.0264661, 0.0503014,
            ], [3, 1, 2, 2]), .floats([0.10521, 0.1576487, -0.0264661, 0.0503014], [1, 2, 2]),
          .floats([0.1775776, 0.4151453, -0.0442356, 0.0842179], [1, 2, 2]),
        ]),
      Sample(
        "activations of each direction",
        LSTM(
          hiddenSize: 2, direction: .bidirectional,
          activations: [
            .hardSigmoid(alpha: 0.3, beta: 0.4), .softsign, .affine(alpha: 0.8, beta: 0.1), .sigmoid,
            .leakyRelu(alpha: 0.05), .scaledTanh(alpha: 1.5, beta: 0.7),
          ]), .wave([3, 2, 2], 0.1), .wave([2, 8, 2], 0.2), .wave([2, 8, 2], 0.3), .wave([2, 16], 0.4), nil,
        .wave([2, 2, 2], 0.5), wanted: .only(0, 1, 2), outputs: 3,
        expected: [
          .floats(
            [
              -0.236313, 0.0947548, 0.0323591, -0.1172473, 0.491556, -0.0094344, -0.0071803, 0.0972969, 0.0253811,
              0.021628, 0.0800142, 0.0581512, 0.2263705, -0.0386123, -0.0247823, 0.0524649, 0.0502714, 0.0302471,
              -0.0156864, 0.1511342, 0.0816897, -0.0516425, -0.025825, 0.020334,
            ], [3, 2, 2, 2]),
          .floats(
            [0.0502714, 0.0302471, -0.0156864, 0.1511342, 0.491556, -0.0094344, -0.0071803, 0.0972969], [2, 2, 2]),
          .floats(
            [-0.0446418, 0.2552705, -0.1549134, 0.1954077, 0.9066477, -0.0716851, -0.0215611, 0.2271829], [2, 2, 2]),
        ]),
      Sample(
        "batch first", LSTM(hiddenSize: 2, direction: .bidirectional, isBatchFirst: true), .wave([2, 3, 2], 0.1),
        .wave([2, 8, 2], 0.2), .wave([2, 8, 2], 0.3), .wave([2, 16], 0.4), nil, .wave([2, 2, 2], 0.5),
        .wave([2, 2, 2], 0.6), wanted: .only(0, 1, 2), outputs: 3,
        expected: [
          .floats(
            [
              -0.4686314, 0.5180018, 0.0392622, -0.177353, -0.0065639, 0.2812217, -0.0558467, -0.4828993, 0.0685111,
              0.1807871, 0.0589418, -0.4804077, -0.1144462, 0.4312805, -0.1492396, -0.1119753, 0.0924129, 0.1419206,
              0.0610356, -0.3664868, -0.1874728, 0.4641256, 0.0636104, -0.001588,
            ], [2, 3, 2, 2]),
          .floats(
            [0.0685111, 0.1807871, 0.0392622, -0.177353, -0.1874728, 0.4641256, -0.1492396, -0.1119753], [2, 2, 2]),
          .floats(
            [0.0800707, 0.7020289, 0.0873529, -1.3262067, -0.2713713, 0.8818673, -0.2737111, -0.5534729], [2, 2, 2]),
        ]),
      // ONNX's own cases test_lstm_with_peepholes and test_lstm_batchwise.
      Sample(
        "ONNX: peepholes", LSTM(hiddenSize: 3), .floats([1, 2, 3, 4, 5, 6, 7, 8], [1, 2, 4]), .all(0.1, [1, 12, 4]),
        .all(0.1, [1, 12, 3]), .all(0, [1, 24]), .lengths([1, 1]), .all(0, [1, 2, 3]), .all(0, [1, 2, 3]),
        .all(0.1, [1, 9]), wanted: .only(1), outputs: 2,
        expected: [nil, .floats([0.3750691, 0.3750691, 0.3750691, 0.6801309, 0.6801309, 0.6801309], [1, 2, 3])]),
      Sample(
        "ONNX: batchwise", LSTM(hiddenSize: 7, isBatchFirst: true), .floats([1, 2, 3, 4, 5, 6], [3, 1, 2]),
        .all(0.3, [1, 28, 2]), .all(0.3, [1, 28, 7]), wanted: .only(0, 1), outputs: 2,
        expected: [
          nil, .floats([0.3336926, 0.6223932, 0.718579].flatMap { Array(repeating: $0, count: 7) }, [3, 1, 7]),
        ]),
      Sample(
        "no steps", LSTM(hiddenSize: 2), .wave([0, 2, 2], 0.1), .wave([1, 8, 2], 0.2), .wave([1, 8, 2], 0.3), nil, nil,
        .wave([1, 2, 2], 0.5), wanted: .all, outputs: 3,
        expected: [
          .floats([], [0, 1, 2, 2]), .floats([0.4794255, 0.9738476, 0.0415807, -0.9516021], [1, 2, 2]),
          .floats([0, 0, 0, 0], [1, 2, 2]),
        ]),
      Sample(
        "a sample of length 0 keeps its state", LSTM(hiddenSize: 1), .wave([2, 1, 1], 0.1), .wave([1, 4, 1], 0.2),
        .wave([1, 4, 1], 0.3), nil, .lengths([0]), .floats([0.5], [1, 1, 1]), .floats([-2], [1, 1, 1]), wanted: .all,
        outputs: 3, expected: [.floats([0, 0], [2, 1, 1, 1]), .floats([0.5], [1, 1, 1]), .floats([-2], [1, 1, 1])]),
    ]
  }

  public static var failures: [Failure] {
    [
      Failure(
        LSTM(hiddenSize: 2), .wave([3, 2], 0.1), .wave([1, 8, 2], 0.2), .wave([1, 8, 2], 0.3),
        message: "LSTM: X is float32[3, 2], and should have the axes steps, batch and features"),
      Failure(
        LSTM(hiddenSize: 2), .wave([3, 1, 2], 0.1), .wave([1, 6, 2], 0.2), .wave([1, 8, 2], 0.3),
        message: "LSTM: W is float32[1, 6, 2], and should have the shape [1, 8, 2]"),
      Failure(
        LSTM(hiddenSize: 3), .wave([3, 1, 2], 0.1), .wave([1, 12, 2], 0.2), .wave([1, 8, 2], 0.3),
        message: "LSTM: R is float32[1, 8, 2], and should have the shape [1, 12, 3]"),
      Failure(
        LSTM(hiddenSize: 2, direction: .bidirectional), .wave([3, 1, 2], 0.1), .wave([1, 8, 2], 0.2),
        .wave([1, 8, 2], 0.3), message: "LSTM: W is float32[1, 8, 2], and should have the shape [2, 8, 2]"),
      Failure(
        LSTM(hiddenSize: 2), .wave([3, 2, 2], 0.1), .wave([1, 8, 2], 0.2), .wave([1, 8, 2], 0.3), nil,
        .lengths([3, 4]), message: "LSTM: sequence_lens holds 4, and should hold numbers from 0 to 3, the steps of X"),
      Failure(
        LSTM(hiddenSize: 2), .wave([3, 2, 2], 0.1), .wave([1, 8, 2], 0.2), .wave([1, 8, 2], 0.3), nil, .ints([3, 3]),
        message: "LSTM: sequence_lens is int64[2], and should be int32: convert it with Cast (cast(to:))"),
      Failure(
        LSTM(hiddenSize: 2), .wave([3, 2, 2], 0.1), .wave([1, 8, 2], 0.2), .wave([1, 8, 2], 0.3), nil, nil, nil, nil,
        .wave([1, 8], 0.7), message: "LSTM: P is float32[1, 8], and should have the shape [1, 6]"),
      Failure(
        LSTM(hiddenSize: 2, isBatchFirst: true), .wave([3, 2, 2], 0.1), .wave([1, 8, 2], 0.2), .wave([1, 8, 2], 0.3),
        nil, nil, .wave([1, 3, 2], 0.5),
        message: "LSTM: initial_h is float32[1, 3, 2], and should have the shape [3, 1, 2]"),
      Failure(
        LSTM(hiddenSize: .max), .wave([3, 2, 2], 0.1), .wave([1, 8, 2], 0.2), .wave([1, 8, 2], 0.3),
        message: "LSTM: the hidden size 9223372036854775807 is none that a layer can have"),
      Failure(
        LSTM(hiddenSize: 2, activations: [.tanh]), .wave([3, 2, 2], 0.1), .wave([1, 8, 2], 0.2), .wave([1, 8, 2], 0.3),
        message: "LSTM: 1 activations are given, and there should be 3"),
    ]
  }
}
