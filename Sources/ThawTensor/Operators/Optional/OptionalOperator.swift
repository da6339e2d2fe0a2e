/// A value that may be absent: one that holds the input, or an absent one of a type (ONNX Optional-15, 28).
public struct OptionalOperator: Composite {
  /// The type of what is absent, for a node without an input.
  public var type: ValueType?

  public init(_ type: ValueType? = nil) { self.type = type }

  public static let schema = Schema(
    "Optional", versions: [15, 28], inputs: [Input("input", optional: true)], outputs: [Output("output")],
    batch: .mixing)

  public init(_ node: NodeReader) throws { self.init(try node.type("type")) }

  public func attributes(opset: Int) throws -> [String: Attribute] { type.map { ["type": .type($0)] } ?? [:] }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    guard let element = inputs.first.flatMap({ $0 }) ?? type else {
      throw TensorError(.operand, "Optional: there is neither an input nor the attribute 'type'")
    }
    return [.optional(element)]
  }

  public func body(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let value = inputs.first ?? nil
    guard case .optional(let element) = try outputTypes([value?.type], known: KnownValues())[0] else {
      throw TensorError(.internal, "Optional: no optional value")
    }
    return [.optional(value, of: element)]
  }
}
