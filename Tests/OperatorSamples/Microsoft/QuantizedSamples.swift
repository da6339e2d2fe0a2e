import ThawTensor

private func bytes(_ values: [UInt8], _ shape: [Int]? = nil) -> SampleInput {
  .exact(Tensor(elements: values, shape: shape))
}
private func signed(_ values: [Int8], _ shape: [Int]? = nil) -> SampleInput {
  .exact(Tensor(elements: values, shape: shape))
}
private func floats(_ values: [Float], _ shape: [Int]? = nil) -> SampleInput { .exact(.floats(values, shape)) }
private func scale(_ value: Float) -> SampleInput { floats([value], []) }
private func zero(_ value: UInt8) -> SampleInput { bytes([value], []) }

private func unquantized(_ operation: some Operator, _ name: String, _ input: Int = 0) -> Failure {
  Failure(
    operation, .uniform([2]), scale(1), zero(0), .uniform([2]), scale(1), zero(0), scale(1), zero(0),
    message: "\(name): input \(input) is float32[2], and should hold quantized numbers, such as uint8")
}

extension QLinearAdd: Sampled {
  public static var samples: [Sample] {
    [
      Sample(
        "rows and one number", QLinearAdd(), bytes([0, 4, 8], [1, 3]), scale(0.5), zero(4), bytes([2, 4], [2, 1]),
        scale(1), zero(0), scale(2), zero(1),
        expected: [Tensor(elements: [1, 2, 3, 2, 3, 4] as [UInt8], shape: [2, 3])]),
      Sample(
        "no zero points, and what is too large", QLinearAdd(), bytes([10, 200]), scale(1), nil, bytes([1, 100]),
        scale(1), nil, scale(1), expected: [Tensor(elements: [11, 255] as [UInt8])]),
    ]
  }
  public static var failures: [Failure] { [unquantized(QLinearAdd(), "QLinearAdd")] }
}

extension QLinearMul: Sampled {
  public static var samples: [Sample] {
    [
      Sample(
        "signed", QLinearMul(), signed([-4, 0, 6]), scale(0.5), signed([0], []), signed([2]), scale(1),
        signed([-1], []),
        scale(1.5), signed([3], []), expected: [Tensor(elements: [-1, 3, 9] as [Int8])])
    ]
  }
  public static var failures: [Failure] { [unquantized(QLinearMul(), "QLinearMul")] }
}

extension QLinearSigmoid: Sampled {
  public static var samples: [Sample] {
    [
      Sample(
        "a half, and nearly one", QLinearSigmoid(), bytes([100, 200]), scale(0.25), zero(100), scale(0.01), zero(0),
        expected: [Tensor(elements: [50, 100] as [UInt8])])
    ]
  }
  public static var failures: [Failure] {
    [
      Failure(
        QLinearSigmoid(), bytes([1]), scale(1), zero(0), scale(1), .ints([0], []),
        message: "in the body of QLinearSigmoid: QuantizeLinear: numbers are not quantized to int64")
    ]
  }
}

extension QLinearLeakyRelu: Sampled {
  public static var samples: [Sample] {
    [
      Sample(
        "a tenth of what is negative", QLinearLeakyRelu(alpha: 0.1), bytes([0, 10, 14]), scale(10), zero(10), scale(1),
        zero(20), expected: [Tensor(elements: [10, 20, 60] as [UInt8])])
    ]
  }
  public static var failures: [Failure] { [unquantized(QLinearLeakyRelu(), "QLinearLeakyRelu")] }
}

extension QLinearSoftmax: Sampled {
  public static var samples: [Sample] {
    [
      Sample(
        "of rows", QLinearSoftmax(), bytes([5, 5, 9, 9], [2, 2]), scale(3), zero(0), scale(0.01), zero(0),
        expected: [Tensor(elements: [50, 50, 50, 50] as [UInt8], shape: [2, 2])]),
      Sample(
        "of all axes behind the first", QLinearSoftmax(axis: 1, softmaxOpset: 11), bytes([5, 5, 5, 5], [1, 2, 2]),
        scale(3), zero(0), scale(0.01), zero(0),
        expected: [Tensor(elements: [25, 25, 25, 25] as [UInt8], shape: [1, 2, 2])]),
    ]
  }
  public static var failures: [Failure] {
    [
      Failure(
        QLinearSoftmax(axis: 2), bytes([1, 2], [1, 2]), scale(1), zero(0), scale(1), zero(0),
        message:
          "in the body of QLinearSoftmax: Softmax: axis 2 is out of range for a tensor of rank 2 (expected -2 to 1)")
    ]
  }
}

extension QLinearWhere: Sampled {
  public static var samples: [Sample] {
    [
      Sample(
        "two scales", QLinearWhere(), .bools([true, false]), bytes([4, 4]), scale(1), zero(0), bytes([12]), scale(0.5),
        zero(2), scale(0.5), zero(0), expected: [Tensor(elements: [8, 10] as [UInt8])])
    ]
  }
  public static var failures: [Failure] {
    [
      Failure(
        QLinearWhere(), bytes([1, 0]), bytes([4, 4]), scale(1), zero(0), bytes([12]), scale(0.5), zero(2), scale(0.5),
        zero(0), message: "in the body of QLinearWhere: Where: the condition should be bool and is uint8")
    ]
  }
}

extension QLinearConcat: Sampled {
  public static var samples: [Sample] {
    [
      Sample(
        "two scales", QLinearConcat(axis: 1), scale(1), zero(1), bytes([2, 4], [2, 1]), scale(0.5), zero(0),
        bytes([7, 8], [2, 1]), scale(1), zero(2),
        expected: [Tensor(elements: [2, 6, 3, 7] as [UInt8], shape: [2, 2])])
    ]
  }
  public static var failures: [Failure] {
    [
      Failure(
        QLinearConcat(axis: 0), scale(1), zero(0), .uniform([2]), scale(1), zero(0),
        message: "QLinearConcat: input 2 is float32[2], and should hold quantized numbers, such as uint8")
    ]
  }
}

extension QLinearAveragePool: Sampled {
  private static let pairs = AveragePool(window: SlidingWindow(kernel: [2], strides: [2]))

  public static var samples: [Sample] {
    [
      Sample(
        "pairs", QLinearAveragePool(pairs), bytes([1, 3, 5, 9], [1, 1, 4]), scale(1), zero(1), scale(0.5), zero(0),
        expected: [Tensor(elements: [2, 12] as [UInt8], shape: [1, 1, 2])])
    ]
  }
  public static var failures: [Failure] { [unquantized(QLinearAveragePool(pairs), "QLinearAveragePool")] }
}

extension QLinearGlobalAveragePool: Sampled {
  public static var samples: [Sample] {
    [
      Sample(
        "of two channels", QLinearGlobalAveragePool(), bytes([1, 3, 5, 9], [1, 2, 2]), scale(1), zero(1), scale(0.5),
        zero(0), expected: [Tensor(elements: [2, 12] as [UInt8], shape: [1, 2, 1])])
    ]
  }
  public static var failures: [Failure] {
    [unquantized(QLinearGlobalAveragePool(), "QLinearGlobalAveragePool")]
  }
}

extension QGemm: Sampled {
  public static var samples: [Sample] {
    [
      Sample(
        "quantized, a scale for each column", QGemm(transposesB: true), bytes([3, 5], [1, 2]), scale(0.5), zero(1),
        signed([1, 1, 2, 0], [2, 2]), floats([1, 2]), signed([0, 1]), .exact(Tensor(elements: [2, 0] as [Int32])),
        scale(1), zero(10), expected: [Tensor(elements: [14, 8] as [UInt8], shape: [1, 2])]),
      Sample(
        "as float32", QGemm(alpha: 2), bytes([3, 5], [1, 2]), scale(0.5), zero(1), bytes([1, 2], [2, 1]), scale(1),
        zero(0), expected: [.floats([10], [1, 1])]),
    ]
  }
  public static var failures: [Failure] {
    [
      Failure(
        QGemm(), .uniform([2, 2]), scale(1), zero(0), bytes([1, 2], [2, 1]), scale(1), zero(0),
        message: "QGemm: the inputs are float32, and should be integers")
    ]
  }
}

extension MatMulIntegerToFloat: Sampled {
  public static var samples: [Sample] {
    [
      Sample(
        "a scale and a zero point for each column", MatMulIntegerToFloat(), bytes([3, 5], [1, 2]),
        signed([1, 2, 1, 0], [2, 2]), scale(0.5), floats([1, 2]), zero(1), signed([0, 1]), floats([0.5, -1]),
        expected: [.floats([3.5, -3], [1, 2])])
    ]
  }
  public static var failures: [Failure] {
    [
      Failure(
        MatMulIntegerToFloat(), bytes([3, 5], [1, 2]), .uniform([2, 2]), scale(1), scale(1),
        message: "MatMulIntegerToFloat: the inputs are float32, and should be integers")
    ]
  }
}

extension DynamicQuantizeMatMul: Sampled {
  public static var samples: [Sample] {
    [
      Sample(
        "numbers that 256 steps hold", DynamicQuantizeMatMul(), floats([255, 1], [1, 2]), bytes([1, 2, 3, 4], [2, 2]),
        scale(0.5), zero(1), floats([1, 2]), expected: [.floats([2, 131], [1, 2])])
    ]
  }
  public static var failures: [Failure] {
    [
      Failure(
        DynamicQuantizeMatMul(), floats([255, 1], [1, 2]), .uniform([2, 2]), scale(1),
        message: "DynamicQuantizeMatMul: the inputs are float32, and should be integers")
    ]
  }
}

extension DynamicQuantizeLSTM: Sampled {
  /// One step of one feature and one hidden number.
  private static func inputs(_ w: SampleInput, _ wScale: SampleInput) -> [SampleInput?] {
    [
      floats([255], [1, 1, 1]), w, signed([1, 1, 1, 1], [1, 1, 4]), nil, nil, nil, nil, nil, wScale, signed([0], [1]),
      floats([1], [1]), signed([0], [1]),
    ]
  }

  public static var samples: [Sample] {
    let i = inputs(signed([1, 1, 1, 0], [1, 1, 4]), floats([1], [1]))
    let j = inputs(signed([1, 1, 1, -1], [1, 1, 4]), floats([1, 1, 1, 0.004], [1, 4]))
    // The gates are wide open, and tanh of the candidate is the cell.
    let cell = Float(-0.76987405)
    return [
      Sample(
        "nothing to remember", DynamicQuantizeLSTM(LSTM(hiddenSize: 1)), i[0], i[1], i[2], i[3], i[4], i[5], i[6], i[7],
        i[8], i[9], i[10], i[11], outputs: 3, expected: [.floats([0], [1, 1, 1, 1])]),
      Sample(
        "a scale for each column", DynamicQuantizeLSTM(LSTM(hiddenSize: 1)), j[0], j[1], j[2], j[3], j[4], j[5], j[6],
        j[7], j[8], signedZeros, j[10], j[11], wanted: .only(2), outputs: 3,
        expected: [nil, nil, .floats([cell], [1, 1, 1])]),
    ]
  }

  private static let signedZeros = signed([0, 0, 0, 0], [1, 4])

  public static var failures: [Failure] {
    let i = inputs(signed([1, 1, 1, 1], [1, 4, 1]), floats([1], [1]))
    return [
      Failure(
        DynamicQuantizeLSTM(LSTM(hiddenSize: 1)), i[0], i[1], i[2], i[3], i[4], i[5], i[6], i[7], i[8], i[9], i[10],
        i[11],
        message: "in the body of DynamicQuantizeLSTM: LSTM: W is float32[1, 1, 4], and should have the shape [1, 4, 1]")
    ]
  }
}

extension MicrosoftQuantizeLinear: Sampled {
  public static var samples: [Sample] {
    [
      Sample(
        "to uint16", MicrosoftQuantizeLinear(), floats([0, 2, 1000]), scale(0.5),
        .exact(Tensor(elements: [100] as [UInt16], shape: [])),
        expected: [Tensor(elements: [100, 104, 2100] as [UInt16])])
    ]
  }
  public static var failures: [Failure] {
    [
      Failure(
        MicrosoftQuantizeLinear(axis: 0), .uniform([2, 3]), .uniform([3]),
        message:
          "QuantizeLinear: the input is float32[2, 3] and a scale or zero point float32[3]; with axis 0 and block_size 0 "
          + "one number, or the shape [2] fits")
    ]
  }
}

extension MicrosoftDequantizeLinear: Sampled {
  public static var samples: [Sample] {
    [
      Sample(
        "a scale for each row", MicrosoftDequantizeLinear(axis: 0),
        .exact(Tensor(elements: [1, -1, 2, -2] as [Int16], shape: [2, 2])), .floats([1, 0.5], [2]),
        expected: [.floats([1, -1, 1, -1], [2, 2])])
    ]
  }
  public static var failures: [Failure] {
    [
      Failure(
        MicrosoftDequantizeLinear(), .bools([true]), .uniform([]),
        message: "DequantizeLinear: from bool with a scale of float32 no float32 is made")
    ]
  }
}
