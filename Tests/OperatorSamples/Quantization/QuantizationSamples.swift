import ThawTensor

private func bytes(_ values: [UInt8], _ shape: [Int]? = nil) -> SampleInput {
  .exact(Tensor(elements: values, shape: shape))
}
private func signed(_ values: [Int8], _ shape: [Int]? = nil) -> SampleInput {
  .exact(Tensor(elements: values, shape: shape))
}
private func floats(_ values: [Float], _ shape: [Int]? = nil) -> SampleInput { .exact(.floats(values, shape)) }

extension QuantizeLinear: Sampled {
  public static var samples: [Sample] {
    [
      Sample(
        "one scale", QuantizeLinear(), floats([0, 2, 3, 1000, -254, -1000]), floats([2], []), bytes([128], []),
        expected: [Tensor(elements: [128, 129, 130, 255, 1, 0] as [UInt8])]),
      Sample(
        "a whole scale", QuantizeLinear(), .exact(Tensor(elements: [0, 4, 8, 9] as [Int32])),
        .exact(Tensor(elements: [6] as [Int32], shape: [])), bytes([1], []),
        expected: [Tensor(elements: [1, 2, 2, 3] as [UInt8])]),
      Sample(
        "NaN and infinities", QuantizeLinear(), floats([.nan, .infinity, -.infinity]), floats([1], []), signed([5], []),
        expected: [Tensor(elements: [-128, 127, -128] as [Int8])]),
      Sample(
        "a scale for each column", QuantizeLinear(axis: -1), floats([1, 1, -3, 3], [2, 2]), floats([1, 2]),
        signed([0, 10]),
        expected: [Tensor(elements: [1, 10, -3, 12] as [Int8], shape: [2, 2])]),
      Sample(
        "a scale for each two columns", QuantizeLinear(axis: 1, blockSize: 2, to: .int8), floats([1, 2, 3], [1, 3]),
        floats([1, 0.5], [1, 2]), expected: [Tensor(elements: [1, 2, 6] as [Int8], shape: [1, 3])]),
      Sample("to float8", QuantizeLinear(to: .float8e4m3fn), floats([1, 3000]), floats([2], [])),
      Sample("divided in float16", QuantizeLinear(precision: .float16), floats([1, 3]), floats([2], [])),
    ]
  }

  public static var failures: [Failure] {
    [
      Failure(
        QuantizeLinear(axis: 0), .uniform([2, 3]), .uniform([3]),
        message:
          "QuantizeLinear: the input is float32[2, 3] and a scale or zero point float32[3]; with axis 0 and block_size 0 "
          + "one number, or the shape [2] fits"),
      Failure(
        QuantizeLinear(to: .int8), .uniform([2]), .uniform([]), bytes([1], []),
        message: "QuantizeLinear: output_dtype is int8, and the zero point uint8"),
      Failure(
        QuantizeLinear(to: .int64), .uniform([2]), .uniform([]),
        message: "QuantizeLinear: numbers are not quantized to int64"),
    ]
  }
}

extension DequantizeLinear: Sampled {
  public static var samples: [Sample] {
    [
      Sample(
        "one scale", DequantizeLinear(), bytes([0, 3, 128, 255]), .floats([2], []), bytes([128], []),
        expected: [.floats([-256, -250, 0, 254])]),
      Sample(
        "a scale for each row, none shifted", DequantizeLinear(axis: 0), signed([1, -1, 2, -2], [2, 2]),
        .floats([1, 0.5], [2]), expected: [.floats([1, -1, 1, -1], [2, 2])]),
      Sample(
        "blocks", DequantizeLinear(axis: 0, blockSize: 2), signed([1, 2, 3], [3, 1]), .floats([1, 2], [2, 1]),
        expected: [.floats([1, 2, 6], [3, 1])]),
      Sample("in another type", DequantizeLinear(to: .float64), signed([1]), floats([2], [])),
    ]
  }

  public static var failures: [Failure] {
    [
      Failure(
        DequantizeLinear(), .bools([true]), .uniform([]),
        message: "DequantizeLinear: from bool with a scale of float32 no float32 is made")
    ]
  }
}

extension DynamicQuantizeLinear: Sampled {
  public static var samples: [Sample] {
    [
      Sample(
        "both signs", DynamicQuantizeLinear(), floats([0, 2, -3, -2.5, 1.34, 0.5]), wanted: .all, outputs: 3,
        expected: [
          Tensor(elements: [153, 255, 0, 26, 221, 179] as [UInt8]), .floats([0.019607844], []),
          Tensor(elements: [153] as [UInt8], shape: []),
        ]),
      Sample("zeros alone", DynamicQuantizeLinear(), floats([0, 0]), wanted: .all, outputs: 3),
    ]
  }

  public static var failures: [Failure] {
    [
      Failure(
        DynamicQuantizeLinear(), .ints([1]),
        message: "DynamicQuantizeLinear: the input is int64[1], and should be floating")
    ]
  }
}

extension MatMulInteger: Sampled {
  public static var samples: [Sample] {
    [
      Sample(
        "one zero point", MatMulInteger(), bytes([11, 7, 3, 10, 6, 2], [2, 3]), bytes([1, 4, 2, 5, 3, 6], [3, 2]),
        bytes([12]), bytes([0]),
        expected: [Tensor(elements: [-38, -83, -44, -98] as [Int32], shape: [2, 2])]),
      Sample(
        "one for each row, signed", MatMulInteger(), signed([1, 2], [2, 1]), signed([3, -4], [1, 2]), signed([1, 0]),
        expected: [Tensor(elements: [0, 0, 6, -8] as [Int32], shape: [2, 2])]),
    ]
  }

  public static var failures: [Failure] {
    [
      Failure(
        MatMulInteger(), .uniform([1, 1]), .uniform([1, 1]),
        message: "MatMulInteger: the inputs are float32, and should be integers")
    ]
  }
}

extension ConvInteger: Sampled {
  public static var samples: [Sample] {
    [
      Sample(
        "padded with the zero point", ConvInteger(window: SlidingWindow(pads: [1, 1])), bytes([2, 3], [1, 1, 2]),
        bytes([1, 1], [1, 1, 2]), bytes([1], []),
        expected: [Tensor(elements: [1, 3, 2] as [Int32], shape: [1, 1, 3])]),
      Sample(
        "a zero point for each kernel", ConvInteger(), bytes([2, 3], [1, 1, 2]), bytes([1, 5], [2, 1, 1]), nil,
        bytes([0, 4]), expected: [Tensor(elements: [2, 3, 2, 3] as [Int32], shape: [1, 2, 2])]),
      Sample(
        "two in a batch", ConvInteger(), bytes([2, 3, 4, 6], [2, 1, 2]), bytes([1], [1, 1, 1]), bytes([1], []),
        expected: [Tensor(elements: [1, 2, 3, 5] as [Int32], shape: [2, 1, 2])]),
    ]
  }
}

extension QLinearMatMul: Sampled {
  public static var samples: [Sample] {
    [
      Sample(
        "bytes", QLinearMatMul(), bytes([3, 5], [1, 2]), floats([0.5]), bytes([1]), bytes([4, 2], [2, 1]), floats([2]),
        bytes([1]), floats([0.5]), bytes([10]), expected: [Tensor(elements: [30] as [UInt8], shape: [1, 1])]),
      Sample(
        "two rows", QLinearMatMul(), bytes([3, 5, 1, 2], [2, 2]), floats([0.5]), bytes([1]), bytes([4, 2], [2, 1]),
        floats([2]), bytes([1]), floats([0.5]), bytes([10]),
        expected: [Tensor(elements: [30, 12] as [UInt8], shape: [2, 1])]),
    ]
  }

  public static var failures: [Failure] {
    [
      Failure(
        QLinearMatMul(), bytes([1], [1, 1]), floats([1]), bytes([1]), bytes([1], [1, 1]), floats([1]), bytes([1]),
        floats([1]), floats([1]), message: "QLinearMatMul: numbers are not quantized to float32")
    ]
  }
}

extension QLinearConv: Sampled {
  public static var samples: [Sample] {
    [
      Sample(
        "a scale for each kernel, a bias", QLinearConv(), bytes([2, 3], [1, 1, 2]), floats([2], []), bytes([1], []),
        signed([1, 2], [2, 1, 1]), floats([1, 0.5]), signed([0, 0]), floats([1], []), bytes([100], []),
        .exact(Tensor(elements: [0, 1] as [Int32])),
        expected: [Tensor(elements: [102, 104, 103, 105] as [UInt8], shape: [1, 2, 2])]),
      Sample(
        "two in a batch", QLinearConv(), bytes([2, 3, 4, 6], [2, 1, 2]), floats([2], []), bytes([1], []),
        signed([1], [1, 1, 1]), floats([1]), signed([0]), floats([1], []), bytes([100], []), nil,
        expected: [Tensor(elements: [102, 104, 106, 110] as [UInt8], shape: [2, 1, 2])]),
    ]
  }
}
