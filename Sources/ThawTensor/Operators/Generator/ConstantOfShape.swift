import ThawTypes

/// One number everywhere, in a shape that is given (ONNX ConstantOfShape-9, 20, 21, 23, 24, 25).
public struct ConstantOfShape: Primitive {
  public let dtype: DType
  /// The number, as its bytes.
  private let bytes: [UInt8]

  /// - Parameter value: one element, not a string.
  /// - Throws: `TensorError` of kind `operand` for anything else.
  public init(_ value: Tensor = .zeros([1])) throws {
    guard value.count == 1, value.dtype != .string else {
      throw TensorError(.operand, "ConstantOfShape: the value should be one number and is \(value.type)")
    }
    dtype = value.dtype
    bytes = try value.contiguous().withBytes { Array($0) }
  }

  public static let schema = Schema(
    "ConstantOfShape", versions: [9, 20, 21, 23, 24, 25], inputs: [Input("input", .index, value: true)],
    outputs: [Output("output", differentiable: false)], batch: .mixing,
    differentiability: .never(because: "its number is an attribute"))

  public init(_ node: NodeReader) throws { try self.init(try node.tensor("value") ?? .zeros([1])) }

  public func attributes(opset: Int) throws -> [String: Attribute] { ["value": .tensor(try value(shape: [1]))] }

  public var minimumOpset: Int {
    switch dtype {
    case .bfloat16, .float8e4m3fn, .float8e4m3fnuz, .float8e5m2, .float8e5m2fnuz: 20
    case .int4, .uint4: 21
    case .float4e2m1: 23
    case .float8e8m0: 24
    case .int2, .uint2: 25
    default: 9
    }
  }

  private func value(shape: [Int]) throws -> Tensor {
    let one = try bytes.withUnsafeBytes { try Tensor(copying: $0, dtype: dtype, shape: []) }
    return try one.broadcast(to: shape)
  }

  /// A constant as often as there are samples is one for each.
  public func batchAxes(of batch: BatchLayout) -> [BatchAxis?] { batch.copied() }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    _ = try tensorType(inputs, 0, of: Self.schema)
    return [.tensor(TensorType(dtype, try known.dims(0, of: inputs, in: "ConstantOfShape")))]
  }

  public func forward(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let shape = try tensor(inputs, 0, of: Self.schema).integers()
    guard DType.elementCount(of: shape) != nil else {
      throw TensorError(.shape, "ConstantOfShape: there is no tensor of shape \(shape)")
    }
    return [.tensor(try value(shape: shape))]
  }
}
