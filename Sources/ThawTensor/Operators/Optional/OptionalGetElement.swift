/// What a value that may be absent holds; any other value as it is (ONNX OptionalGetElement-15, 18, 28).
public struct OptionalGetElement: Composite {
  public init() {}
  public init(_ node: NodeReader) throws {}

  public static let schema = Schema(
    "OptionalGetElement", versions: [15, 18, 28], inputs: [Input("input")], outputs: [Output("output")],
    batch: .mixing)

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    guard let type = inputs.first ?? nil else { throw Self.missingInput }
    if case .optional(let element) = type { return [element] }
    return [type]
  }

  public func body(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    guard let value = inputs.first ?? nil else { throw Self.missingInput }
    guard case .optional(let element, let type) = value else { return [value] }
    guard let element else {
      throw TensorError(.operand, "OptionalGetElement: the input, an optional \(type), is absent")
    }
    return [element]
  }

  private static var missingInput: TensorError {
    TensorError(.operand, "OptionalGetElement: input 0 (input) is missing")
  }
}
