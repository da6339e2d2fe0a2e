import ThawTensor

extension MicrosoftGelu: Sampled {
  public static var samples: [Sample] { [Sample("a matrix", MicrosoftGelu(), .uniform([2, 3]))] }
}

extension QuickGelu: Sampled {
  public static var samples: [Sample] {
    [
      Sample("a matrix", QuickGelu(), .uniform([2, 3])),
      Sample("another slope", QuickGelu(alpha: 1), .floats([0, 1], [2]), expected: [.floats([0, 0.7310586], [2])]),
    ]
  }
}

extension BiasGelu: Sampled {
  public static var samples: [Sample] {
    [Sample("a bias for each column", BiasGelu(), .uniform([2, 3]), .uniform([3]))]
  }
  public static var failures: [Failure] {
    [
      Failure(
        BiasGelu(), .uniform([2, 3]), .uniform([2]),
        message:
          "in the body of BiasGelu: Add: the shapes [2, 3] and [2] do not broadcast: counted from the last, "
          + "dimensions must be equal or 1")
    ]
  }
}

extension FastGelu: Sampled {
  public static var samples: [Sample] {
    [
      Sample("a bias for each column", FastGelu(), .uniform([2, 3]), .uniform([3])),
      Sample("no bias", FastGelu(), .uniform([2, 3])),
    ]
  }
}

extension SkipLayerNormalization: Sampled {
  public static var samples: [Sample] {
    [
      Sample(
        "a bias", SkipLayerNormalization(epsilon: 1e-5), .uniform([2, 2, 3]), .uniform([2, 2, 3]), .uniform([3]),
        .uniform([3]), .uniform([3])),
      Sample(
        "the same for each of the batch, and the sum", SkipLayerNormalization(epsilon: 1e-3), .uniform([2, 2, 3]),
        .uniform([2, 3]), .uniform([3]), wanted: .only(0, 3), outputs: 4),
    ]
  }
  public static var failures: [Failure] {
    [
      Failure(
        SkipLayerNormalization(), .uniform([2, 2, 3]), .uniform([2, 2, 2]), .uniform([3]),
        message:
          "in the body of SkipLayerNormalization: Add: the shapes [2, 2, 3] and [2, 2, 2] do not broadcast: counted from the last, "
          + "dimensions must be equal or 1")
    ]
  }
}

extension SkipSimplifiedLayerNormalization: Sampled {
  public static var samples: [Sample] {
    [
      Sample(
        "a bias, and the sum", SkipSimplifiedLayerNormalization(epsilon: 1e-5), .uniform([2, 2, 3]),
        .uniform([2, 2, 3]),
        .uniform([3]), .uniform([3]), wanted: .only(0, 3), outputs: 4)
    ]
  }
}

extension SimplifiedLayerNormalization: Sampled {
  public static var samples: [Sample] {
    [
      Sample(
        "rows", SimplifiedLayerNormalization(RMSNormalization(epsilon: 0)), .floats([3, 4, 5, 5], [2, 2]),
        .floats([1, 2], [2]), expected: [.floats([0.84852815, 2.2627418, 1, 2], [2, 2])])
    ]
  }
}

extension EmbedLayerNormalization: Sampled {
  private static let ids = SampleInput.ints([0, 2, 1, 1], [2, 2])

  public static var samples: [Sample] {
    [
      Sample(
        "words, places and segments", EmbedLayerNormalization(epsilon: 1e-3), ids, .ints([0, 0, 1, 0], [2, 2]),
        .uniform([3, 4]), .uniform([5, 4]), .uniform([2, 4]), .uniform([4]), .uniform([4])),
      Sample(
        "places that are given, and a mask", EmbedLayerNormalization(epsilon: 1e-3), ids, nil, .uniform([3, 4]),
        .uniform([5, 4]), nil, .uniform([4]), .uniform([4]), .ints([1, 0, 1, 1], [2, 2]), .ints([4, 3], [1, 2]),
        wanted: .only(0, 1, 2), outputs: 3, expected: [nil, Tensor(elements: [1, 2] as [Int32])]),
    ]
  }
  public static var failures: [Failure] {
    [
      Failure(
        EmbedLayerNormalization(), ids, .ints([0, 0, 1, 0], [2, 2]), .uniform([3, 4]), .uniform([5, 4]), nil,
        .uniform([4]), .uniform([4]),
        message:
          "EmbedLayerNormalization: of segment_ids and segment_embedding one is "
          + "missing")
    ]
  }
}

extension MicrosoftAttention: Sampled {
  public static var samples: [Sample] {
    [
      Sample(
        "two heads, some places masked", MicrosoftAttention(heads: 2), .uniform([2, 3, 4]), .uniform([4, 12], -1...1),
        .uniform([12]), .ints([1, 1, 0, 1, 1, 1], [2, 3])),
      Sample(
        "causal, with what was before", MicrosoftAttention(heads: 2, isCausal: true, scale: 0.5), .uniform([1, 2, 4]),
        .uniform([4, 12], -1...1), nil, nil, .uniform([2, 1, 2, 3, 2]), wanted: .only(0, 1), outputs: 2),
      Sample(
        "lengths, and sizes of their own", MicrosoftAttention(heads: 1, maskedScore: -100, sizes: [2, 2, 3]),
        .uniform([2, 3, 4]), .uniform([4, 7], -1...1), .uniform([7]), .ints([2, 3])),
      Sample(
        "ends and beginnings, and what is added", MicrosoftAttention(heads: 2), .uniform([2, 3, 4]),
        .uniform([4, 12], -1...1), nil, .ints([2, 3, 0, 1]), nil, .uniform([1, 2, 3, 3])),
    ]
  }
  public static var failures: [Failure] {
    [
      Failure(
        MicrosoftAttention(heads: 2), .uniform([1, 2, 4]), .uniform([4, 10]),
        message:
          "Attention: weights is float32[4, 10], and should have as many columns as queries, "
          + "keys and values together, which 2 heads divide"),
      Failure(
        MicrosoftAttention(heads: 2), .uniform([1, 2, 4]), .uniform([4, 12]), nil, .ints([1, 1, 1]),
        message:
          "Attention: mask_index is int64[3], and should hold one or two numbers for each of "
          + "the batch"),
    ]
  }
}

extension FusedConv: Sampled {
  public static var samples: [Sample] {
    [
      Sample(
        "what is added, and ReLU", FusedConv(Conv(), activation: .relu), .uniform([2, 2, 4]), .uniform([3, 2, 2]),
        .uniform([3]), .distinct([2, 3, 3], around: 0)),
      Sample(
        "between two numbers", FusedConv(Conv(), activation: .clip(min: -0.5, max: 1)), .uniform([1, 1, 4]),
        .uniform([1, 1, 2])),
      Sample("no function", FusedConv(Conv()), .uniform([1, 1, 4]), .uniform([1, 1, 2])),
    ]
  }
  public static var failures: [Failure] {
    [
      Failure(
        FusedConv(Conv()), .uniform([1, 1, 4]), .uniform([1, 1, 2]), nil, .uniform([1, 1, 2]),
        message:
          "in the body of FusedConv: Add: the shapes [1, 1, 3] and [1, 1, 2] do not broadcast: counted from the last, "
          + "dimensions must be equal or 1")
    ]
  }
}

extension FusedGemm: Sampled {
  public static var samples: [Sample] {
    [
      Sample(
        "leaky", FusedGemm(Gemm(alpha: 0.5, transposesB: true), activation: .leakyRelu(alpha: 0.2)), .uniform([2, 3]),
        .uniform([4, 3]), .uniform([4])),
      Sample("tanh", FusedGemm(Gemm(), activation: .tanh), .uniform([2, 3]), .uniform([3, 2])),
    ]
  }
}

extension FusedMatMul: Sampled {
  public static var samples: [Sample] {
    [
      Sample(
        "the second transposed", FusedMatMul(alpha: 0.5, transposesB: true), .uniform([2, 2, 3]), .uniform([4, 3])),
      Sample("the first transposed", FusedMatMul(transposesA: true), .uniform([3, 2]), .uniform([2, 3, 2])),
    ]
  }
}

extension MatMulNBits: Sampled {
  private static func bytes(_ values: [UInt8], _ shape: [Int]) -> SampleInput {
    .exact(Tensor(elements: values, shape: shape))
  }

  public static var samples: [Sample] {
    let four = MatMulNBits(inner: 8, rows: 1, blockSize: 8)
    return [
      Sample(
        "four bits", four, .floats([1, 1, 1, 1, 1, 1, 1, 1], [1, 8]), bytes([0x98, 0x88, 0x88, 0x7a], [1, 1, 4]),
        .floats([0.5], [1]), expected: [.floats([1], [1, 1])]),
      Sample(
        "zero points, more than one block, and a bias", MatMulNBits(inner: 10, rows: 2, blockSize: 8),
        .uniform([3, 10]), bytes((0..<16).map { UInt8($0 * 15) }, [2, 2, 4]), .uniform([2, 2]),
        bytes([0x21, 0x43], [2, 1]), nil, .uniform([2])),
      Sample(
        "eight bits", MatMulNBits(inner: 8, rows: 2, bits: 8, blockSize: 8), .uniform([2, 2, 8]),
        bytes((0..<16).map { UInt8($0 * 15) }, [2, 1, 8]), .uniform([2, 1])),
      Sample(
        "two bits", MatMulNBits(inner: 8, rows: 1, bits: 2, blockSize: 8),
        .floats([1, 0, 0, 0, 0, 0, 0, 1], [1, 8]), bytes([0b11, 0b0100_0000], [1, 1, 2]), .floats([1], [1]),
        expected: [.floats([0], [1, 1])]),
    ]
  }
  public static var failures: [Failure] {
    [
      Failure(
        MatMulNBits(inner: 8, rows: 1, blockSize: 8), .uniform([1, 8]), bytes([1, 2], [1, 1, 2]), .uniform([1]),
        message: "MatMulNBits: B is uint8[1, 1, 2], and should be uint8[1, 1, 4]"),
      Failure(
        MatMulNBits(inner: 8, rows: 1, blockSize: 8), .uniform([1, 8]), bytes([1, 2, 3, 4], [1, 1, 4]), .uniform([2]),
        message: "MatMulNBits: scales is float32[2], and should hold 1 numbers of float32, one a block"),
    ]
  }
}
