import ThawKernels
import ThawTypes

/// The remainder of a division, with the divisor's sign or, as C's fmod, the dividend's (ONNX Mod-10, 13, 28).
///
/// Whole numbers by zero give zero, where ONNX leaves the result open.
public struct Mod: Primitive {
  /// Whether the quotient is truncated, rather than rounded down.
  public var truncates: Bool

  public init(truncates: Bool = false) { self.truncates = truncates }

  public static let schema = Schema(
    "Mod", versions: [10, 13, 28], inputs: [Input("A"), Input("B")], outputs: [Output("C")], batch: .elementwise,
    autogradName: "Remainder")

  public init(_ node: NodeReader) throws { self.init(truncates: try node.flag("fmod", default: false)) }

  public func attributes(opset: Int) throws -> [String: Attribute] { truncates ? ["fmod": .int(1)] : [:] }

  private var function: BinaryFunction { truncates ? .truncatedRemainder : .remainder }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    let left = try tensorType(inputs, 0, of: Self.schema)
    return [.tensor(try elementwiseType(function, left, try tensorType(inputs, 1, of: Self.schema), in: "Mod"))]
  }

  public func forward(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let left = try tensor(inputs, 0, of: Self.schema)
    return [.tensor(try elementwise(function, left, try tensor(inputs, 1, of: Self.schema), in: "Mod"))]
  }

  public func saved(_ inputs: [Value?], _ outputs: [Value?], needs: InputMask) -> [Value?] {
    needs[1] ? [inputs[0], inputs[1], outputs[0]] : [nil, nil, nil]
  }

  /// The remainder is A less the divisor times the quotient, a whole number that is constant almost everywhere.
  public func pullback(_ gradients: [Tensor?], saved: [Value?], needs: InputMask) throws -> [Tensor?] {
    guard let gradient = gradients[0], needs[1] else { return [gradients[0], nil] }
    let a = try tensor(saved, 0, of: Self.schema)
    let b = try tensor(saved, 1, of: Self.schema)
    let quotient = ((a - (try tensor(saved, 2, of: Self.schema))) / b).round()
    return [gradient, -(gradient * quotient)]
  }
}
