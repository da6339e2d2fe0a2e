import ThawKernels
import ThawTypes

/// A function of the bits of two whole numbers.
protocol BitwiseBinary: ElementwiseBinary {}

extension BitwiseBinary {
  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    let left = try tensorType(inputs, 0, of: Self.schema)
    try checkBits(left.dtype, in: Self.schema.name)
    let right = try tensorType(inputs, 1, of: Self.schema)
    return [.tensor(try elementwiseType(Self.function, left, right, in: Self.schema.name))]
  }

  public func forward(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    _ = try outputTypes(inputs.map { $0?.type }, known: KnownValues())
    let left = try tensor(inputs, 0, of: Self.schema)
    return [.tensor(try elementwise(Self.function, left, try tensor(inputs, 1, of: Self.schema), in: Self.schema.name))]
  }
}

/// ONNX BitwiseAnd-18.
public struct BitwiseAnd: BitwiseBinary {
  public init() {}
  public static let schema = Schema.binary(
    "BitwiseAnd", versions: [18], differentiability: .never(because: "it takes whole numbers"))
  static let function = BinaryFunction.bitAnd
}

/// ONNX BitwiseOr-18.
public struct BitwiseOr: BitwiseBinary {
  public init() {}
  public static let schema = Schema.binary(
    "BitwiseOr", versions: [18], differentiability: .never(because: "it takes whole numbers"))
  static let function = BinaryFunction.bitOr
}

/// ONNX BitwiseXor-18.
public struct BitwiseXor: BitwiseBinary {
  public init() {}
  public static let schema = Schema.binary(
    "BitwiseXor", versions: [18], differentiability: .never(because: "it takes whole numbers"))
  static let function = BinaryFunction.bitXor
}

/// Every bit the other way round (ONNX BitwiseNot-18).
public struct BitwiseNot: Primitive {
  public init() {}
  public init(_ node: NodeReader) throws {}

  public static let schema = Schema.unary(
    "BitwiseNot", versions: [18], differentiability: .never(because: "it takes whole numbers"))

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    let x = try tensorType(inputs, 0, of: Self.schema)
    try checkBits(x.dtype, in: "BitwiseNot")
    return [.tensor(x)]
  }

  /// Exclusive or with a number whose bits are all set.
  public func forward(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let x = try tensor(inputs, 0, of: Self.schema)
    try checkBits(x.dtype, in: "BitwiseNot")
    let ones = try Tensor(copying: [-1], shape: []).numbers(as: x.dtype, saturate: false)
    return [.tensor(try elementwise(.bitXor, x, ones, in: "BitwiseNot"))]
  }
}
