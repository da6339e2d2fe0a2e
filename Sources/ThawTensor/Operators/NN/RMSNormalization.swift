import ThawTypes

/// Rows, from an axis to the end, divided by the root of the mean of their squares, then scaled
/// (ONNX RMSNormalization-23; Zhang and Sennrich, 2019).
///
/// Computed in float32 at least (`stash_type` 1), in float64 for float64 data.
public struct RMSNormalization: Composite {
  /// The first axis of a row, counted from the end when negative.
  public var axis: Int
  public var epsilon: Float

  public init(axis: Int = -1, epsilon: Float = 1e-5) {
    self.axis = axis
    self.epsilon = epsilon
  }

  public static let schema = Schema(
    "RMSNormalization", versions: [23], inputs: [Input("X"), Input("scale", .weight)], batch: .mixing)

  public init(_ node: NodeReader) throws {
    let stashType = try node.int("stash_type", default: 1)
    guard stashType == 1 else {
      throw TensorError(
        .unsupported, "RMSNormalization: the attribute stash_type is \(stashType), and only 1 (float32) is supported")
    }
    self.init(axis: try node.int("axis", default: -1), epsilon: try node.float("epsilon", default: 1e-5))
  }

  public func attributes(opset: Int) throws -> [String: Attribute] {
    ["axis": .int(axis), "epsilon": .float(epsilon)]
  }

  public func batchAxes(of batch: BatchLayout) -> [BatchAxis?] { LayerRows.batchAxes(of: batch, axis: axis) }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    let x = try tensorType(inputs, 0, of: Self.schema)
    let scale = try tensorType(inputs, 1, of: Self.schema)
    guard x.dtype.isFloatingPoint, scale.dtype.isFloatingPoint else {
      throw TensorError(.dtype, "RMSNormalization: X is \(x) and scale \(scale); both should be floating")
    }
    if let dims = x.dims { _ = try Shapes.normalize(axis: axis, rank: dims.count, in: "RMSNormalization") }
    if let dims = x.dims, let scaleDims = scale.dims, Shapes.broadcast(dims, scaleDims)?.count != dims.count {
      throw TensorError.broadcast("RMSNormalization", dims, scaleDims)
    }
    return [.tensor(TensorType(scale.dtype, x.dims))]
  }

  public func body(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let given = try tensor(inputs, 0, of: Self.schema)
    let scale = try tensor(inputs, 1, of: Self.schema)
    _ = try outputTypes(inputs.map { $0?.type }, known: KnownValues())
    let x = given.asType(given.dtype == .float64 ? .float64 : .float32)
    let first = try Shapes.normalize(axis: axis, rank: x.rank, in: "RMSNormalization")
    let squares = (x * x).mean(axes: Array(first..<x.rank), keepDims: true)
    return [.tensor((x / (squares + epsilon).sqrt()).asType(scale.dtype) * scale)]
  }
}
