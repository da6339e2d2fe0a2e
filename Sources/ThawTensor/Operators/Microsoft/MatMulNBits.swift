import ThawTypes

/// The product of a matrix and a transposed one that is stored in numbers of a few bits, each block of a row with its
/// scale (ONNX Runtime's MatMulNBits-1, domain com.microsoft).
///
/// Inputs are A (…, K), B as uint8 (N, blocks, bytes of a block), scales (N, blocks), zero points, packed as B is or in
/// A's type, and a bias (N). Gradients reach A, the scales and the bias.
public struct MatMulNBits: Composite {
  /// K: the columns of A, and the numbers of a row of B.
  public var inner: Int
  /// N: the rows of B.
  public var rows: Int
  public var bits: Int
  public var blockSize: Int

  public init(inner: Int, rows: Int, bits: Int = 4, blockSize: Int) {
    self.inner = inner
    self.rows = rows
    self.bits = bits
    self.blockSize = blockSize
  }

  public static let schema = Schema(
    "MatMulNBits", domain: .microsoft, versions: [1],
    inputs: [
      Input("A"), Input("B", .index), Input("scales", .setting), Input("zero_points", .index, optional: true),
      Input("g_idx", .index, optional: true), Input("bias", .weight, optional: true),
    ], batch: .mixing)

  public init(_ node: NodeReader) throws {
    func number(_ name: String) throws -> Int { try node.required(name, try node.int(name)) }
    self.init(
      inner: try number("K"), rows: try number("N"), bits: try node.int("bits", default: 4),
      blockSize: try number("block_size"))
    // How exactly ONNX Runtime computes.
    node.ignore("accuracy_level")
    guard [2, 4, 8].contains(bits), blockSize > 0, blockSize % 8 == 0, inner > 0, rows > 0, inner <= 1 << 31,
      rows <= 1 << 31, blockSize <= 1 << 31
    else {
      throw TensorError(
        .operand,
        "MatMulNBits: \(rows) rows of \(inner) numbers of \(bits) bits in blocks of \(blockSize); rows and numbers should "
          + "be at least 1, bits 2, 4 or 8, and a block a multiple of 8")
    }
    if node.hasInput(4) {
      throw TensorError(
        .unsupported,
        "MatMulNBits: g_idx, the order of the columns, is given, and Thaw takes them in their own order only")
    }
  }

  public func attributes(opset: Int) throws -> [String: Attribute] {
    ["K": .int(inner), "N": .int(rows), "bits": .int(bits), "block_size": .int(blockSize)]
  }

  private var blocks: Int { (inner + blockSize - 1) / blockSize }

  /// The rows of A stay apart.
  public func batchAxes(of batch: BatchLayout) -> [BatchAxis?] { batch.kept(apartFrom: [-1]) }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    let a = try tensorType(inputs, 0, of: Self.schema)
    let b = try tensorType(inputs, 1, of: Self.schema)
    let expected = [rows, blocks, blockSize * bits / 8]
    guard b.dtype == .uint8, b.shape.map({ $0 == expected }) ?? true else {
      throw TensorError(.shape, "MatMulNBits: B is \(b), and should be uint8\(expected)")
    }
    let scales = try tensorType(inputs, 2, of: Self.schema)
    guard scales.dtype == a.dtype, scales.shape.map({ DType.elementCount(of: $0) == rows * blocks }) ?? true else {
      throw TensorError(
        .shape, "MatMulNBits: scales is \(scales), and should hold \(rows * blocks) numbers of \(a.dtype), one a block")
    }
    if let zeroPoints = try optionalTensorType(inputs, 3, of: Self.schema) {
      let count = zeroPoints.dtype == .uint8 ? (blocks * bits + 7) / 8 : blocks
      guard zeroPoints.dtype == .uint8 || zeroPoints.dtype == a.dtype,
        zeroPoints.shape.map({ DType.elementCount(of: $0) == rows * count }) ?? true
      else {
        throw TensorError(
          .shape,
          "MatMulNBits: zero_points is \(zeroPoints), and should hold one for each block, packed in uint8[\(rows), "
            + "\((blocks * bits + 7) / 8)] or as \(a.dtype)[\(rows), \(blocks)]")
      }
    }
    let product = try MatMul().outputTypes(
      [.tensor(a), .tensor(TensorType(a.dtype, [.known(inner), .known(rows)]))], known: KnownValues())
    guard let bias = try optionalTensorType(inputs, 5, of: Self.schema) else { return product }
    return try Add().outputTypes([product[0], .tensor(bias)], known: KnownValues())
  }

  public func body(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    _ = try outputTypes(inputs.map { $0?.type }, known: KnownValues())
    let a = try tensor(inputs, 0, of: Self.schema)
    let scales = try tensor(inputs, 2, of: Self.schema).reshaped(to: [rows, blocks, 1])
    let zeroPoints = try optionalTensor(inputs, 3, of: Self.schema).map { given -> Tensor in
      guard given.dtype == .uint8 else { return given.reshaped(to: [rows, blocks, 1]) }
      let numbers = unpacked(given.reshaped(to: [rows, -1]), a.dtype)
      return numbers.slice(starts: [0], ends: [blocks], axes: [1]).unsqueezed(axes: [2])
    }
    let numbers = unpacked(try tensor(inputs, 1, of: Self.schema), a.dtype)
    let centered = zeroPoints.map { numbers - $0 } ?? numbers - Double(1 << (bits - 1))
    let weights = (centered * scales).reshaped(to: [rows, blocks * blockSize])
      .slice(starts: [0], ends: [inner], axes: [1])
    let product = a.matmul(weights.transposed([1, 0]))
    return [.tensor(try optionalTensor(inputs, 5, of: Self.schema).map { product + $0 } ?? product)]
  }

  /// The numbers in bytes, the lowest bits first, side by side along the last axis.
  private func unpacked(_ bytes: Tensor, _ dtype: DType) -> Tensor {
    let shifts = stride(from: 0, to: 8, by: bits).map { 1 << $0 }
    let parts = bytes.cast(to: .int64).unsqueezed(axes: [bytes.rank]) / Tensor(shifts)
    let numbers = parts - parts / (1 << bits) * (1 << bits)
    return numbers.cast(to: dtype).reshaped(to: Array(bytes.shape.dropLast()) + [-1])
  }
}
