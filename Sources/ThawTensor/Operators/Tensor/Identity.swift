/// A value as it is, whatever it is (ONNX Identity-1, 13, 14, 16, 19, 21, 23, 24, 25).
public struct Identity: Primitive {
  public init() {}
  public init(_ node: NodeReader) throws {}

  public static let schema = Schema(
    "Identity", versions: [1, 13, 14, 16, 19, 21, 23, 24, 25], inputs: [Input("input")], outputs: [Output("output")],
    batch: .elementwise, autogradName: "Clone")

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    guard let type = inputs.first ?? nil else { throw Self.missingInput }
    return [type]
  }

  public func forward(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    guard let value = inputs.first ?? nil else { throw Self.missingInput }
    return [value]
  }

  private static var missingInput: TensorError { TensorError(.operand, "Identity: input 0 (input) is missing") }

  public func pullback(_ gradients: [Tensor?], saved: [Value?], needs: InputMask) throws -> [Tensor?] {
    [gradients[0]]
  }
}
