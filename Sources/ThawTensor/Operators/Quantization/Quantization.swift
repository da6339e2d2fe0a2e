import ThawTypes

/// How quantized numbers and their scales go together: one scale for all, one for each slice along an axis, or one for
/// each block of slices.
struct Quantization: Hashable, Sendable {
  var axis = 1
  /// How many slices along the axis share a scale; 0 for one.
  var blockSize = 0

  init() {}

  init(_ node: NodeReader) throws {
    axis = try node.int("axis", default: 1)
    blockSize = try node.int("block_size", default: 0)
    guard blockSize >= 0 else {
      throw TensorError(
        .unsupported, "\(node.name): the attribute block_size is \(blockSize), and should not be negative")
    }
  }

  var attributes: [String: Attribute] {
    blockSize == 0 ? ["axis": .int(axis)] : ["axis": .int(axis), "block_size": .int(blockSize)]
  }

  /// Checks scales, or zero points, against the numbers they are for.
  func check(_ scales: TensorType, for x: TensorType, in name: String) throws {
    let isOne = scales.shape.map { DType.elementCount(of: $0) == 1 } ?? false
    guard !isOne, let dims = x.dims, let given = scales.dims else { return }
    let axis = try Shapes.normalize(axis: axis, rank: dims.count, in: name)
    var expected = blockSize == 0 ? [dims[axis]] : dims
    if blockSize > 0 {
      expected[axis] = dims[axis].value.map { .known($0 / blockSize + ($0 % blockSize == 0 ? 0 : 1)) } ?? .unknown
    }
    let fits =
      given.count == expected.count
      && zip(given, expected).allSatisfy { $0.value == nil || $1.value == nil || $0 == $1 }
    guard fits else {
      throw TensorError(
        .shape,
        "\(name): the input is \(x) and a scale or zero point \(scales); with axis \(axis) and block_size \(blockSize) "
          + "one number, or the shape [\(expected.map(\.description).joined(separator: ", "))] fits")
    }
  }

  /// Samples stay apart unless scales lie along their axis, or each block has its own.
  func batchAxes(of batch: BatchLayout) -> [BatchAxis?] {
    let hasOne = batch.inputs.indices.dropFirst().allSatisfy { batch.shape($0).reduce(1, *) == 1 }
    return hasOne ? batch.kept() : blockSize == 0 ? batch.kept(apartFrom: [axis]) : batch.mixed
  }

  /// Scales, or zero points, in a shape that broadcasts to that of the numbers they are for.
  func spread(_ scales: Tensor, over x: Tensor, in name: String) throws -> Tensor {
    if scales.rank == 0 || scales.count == 1 { return scales.reshaped(to: [] as [Int]) }
    let axis = try Shapes.normalize(axis: axis, rank: x.rank, in: name)
    if blockSize == 0 {
      return scales.reshaped(to: [-1] + [Int](repeating: 1, count: x.rank - 1 - axis))
    }
    return scales.gather(Tensor.range(x.shapeTensor().gather(Tensor(axis))) / blockSize, axis: axis)
  }
}

extension Tensor {
  /// These numbers rounded to whole ones of a type, those it cannot hold to the nearest it can.
  ///
  /// Zero points are added after rounding. NaN becomes the least number: ONNX does not say what it becomes, and files
  /// quantized with masks of -inf count on what ONNX Runtime makes of it.
  func quantized(to dtype: DType, zeroPoint: Tensor?) throws -> Tensor {
    let wide: DType = self.dtype == .float64 ? .float64 : .float32
    let whole = asType(wide).round()
    let shifted = zeroPoint.map { whole + $0.cast(to: wide) } ?? whole
    guard let range = dtype.quantizedRange else {
      throw TensorError(.dtype, "numbers cannot be quantized to \(dtype)")
    }
    let least = Double(range.lowerBound)
    return Tensor.where(shifted.isNaN(), least, shifted).clip(min: least, max: Double(range.upperBound)).cast(to: dtype)
  }
}

extension DType {
  /// The whole numbers that a type for quantized ones holds.
  var quantizedRange: ClosedRange<Int>? {
    switch self {
    case .uint8, .uint16, .uint4, .uint2: 0...((1 << bitWidth) - 1)
    case .int8, .int16, .int4, .int2: -(1 << (bitWidth - 1))...((1 << (bitWidth - 1)) - 1)
    default: nil
    }
  }
}
