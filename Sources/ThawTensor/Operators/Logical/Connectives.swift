import ThawKernels
import ThawTypes

// The connectives of truth values, as a table: schema and kernel. Their results are bool and carry no gradient.

/// A function of two truth values, with broadcasting.
protocol Connective: ElementwiseBinary {}

extension Connective {
  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    let left = try tensorType(inputs, 0, of: Self.schema)
    let right = try tensorType(inputs, 1, of: Self.schema)
    for dtype in [left.dtype, right.dtype] where dtype != .bool {
      throw TensorError(.dtype, "\(Self.schema.name): the inputs should be bool, and one is \(dtype)")
    }
    return [.tensor(try elementwiseType(Self.function, left, right, in: Self.schema.name))]
  }

  public func forward(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    _ = try outputTypes(inputs.map { $0?.type }, known: KnownValues())
    let left = try tensor(inputs, 0, of: Self.schema)
    let right = try tensor(inputs, 1, of: Self.schema)
    return [.tensor(try elementwise(Self.function, left, right, in: Self.schema.name))]
  }
}

extension Schema {
  fileprivate static func connective(_ name: String) -> Schema {
    Schema(
      name, versions: [1, 7], inputs: [Input("A", .index), Input("B", .index)],
      outputs: [Output("C", differentiable: false)], batch: .elementwise,
      differentiability: .never(because: "truth values carry no gradient"))
  }
}

/// ONNX And-1, 7.
public struct And: Connective {
  public init() {}
  public static let schema = Schema.connective("And")
  static let function = BinaryFunction.and
}

/// ONNX Or-1, 7.
public struct Or: Connective {
  public init() {}
  public static let schema = Schema.connective("Or")
  static let function = BinaryFunction.or
}

/// ONNX Xor-1, 7.
public struct Xor: Connective {
  public init() {}
  public static let schema = Schema.connective("Xor")
  static let function = BinaryFunction.xor
}

extension Tensor {
  /// Where both hold; see `And`.
  public static func .& (left: Tensor, right: Tensor) -> Tensor { catching { try apply(And(), to: left, right) } }
  /// Where one or both hold; see `Or`.
  public static func .| (left: Tensor, right: Tensor) -> Tensor { catching { try apply(Or(), to: left, right) } }
  /// Where exactly one holds; see `Xor`.
  public static func .^ (left: Tensor, right: Tensor) -> Tensor { catching { try apply(Xor(), to: left, right) } }
}
