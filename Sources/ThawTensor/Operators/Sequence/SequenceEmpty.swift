import ThawTypes

/// A sequence without elements, of tensors of a type (ONNX SequenceEmpty-11).
public struct SequenceEmpty: Composite {
  public var dtype: DType

  public init(dtype: DType = .float32) { self.dtype = dtype }

  public static let schema = Schema(
    "SequenceEmpty", versions: [11], inputs: [], outputs: [Output("output")], batch: .mixing,
    differentiability: .never(because: "it has no elements"))

  public init(_ node: NodeReader) throws { self.init(dtype: try node.dtype("dtype") ?? .float32) }

  public func attributes(opset: Int) throws -> [String: Attribute] { ["dtype": .int(Int(dtype.rawValue))] }

  private var element: ValueType { .tensor(TensorType(dtype, nil)) }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] { [.sequence(element)] }

  public func body(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] { [.sequence([], of: element)] }
}
