import ThawKernels
import ThawTypes

/// x Φ(x), Φ the normal distribution's, exactly or by an approximation with tanh (ONNX Gelu-20).
public struct Gelu: Primitive {
  public var approximates: Bool

  public init(approximates: Bool = false) { self.approximates = approximates }

  public static let schema = Schema(
    "Gelu", versions: [20], inputs: [Input("X")], outputs: [Output("Y")], batch: .elementwise)

  public init(_ node: NodeReader) throws {
    let text = try node.string("approximate") ?? "none"
    guard text == "none" || text == "tanh" else {
      throw TensorError(.unsupported, "Gelu: the attribute approximate is '\(text)'; it may be 'none' or 'tanh'")
    }
    self.init(approximates: text == "tanh")
  }

  public func attributes(opset: Int) throws -> [String: Attribute] {
    ["approximate": .text(approximates ? "tanh" : "none")]
  }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    [.tensor(try tensorType(inputs, 0, of: Self.schema))]
  }

  public func forward(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    [.tensor(try elementwise(approximates ? .geluTanh : .gelu, try tensor(inputs, 0, of: Self.schema)))]
  }

  public func saved(_ inputs: [Value?], _ outputs: [Value?], needs: InputMask) -> [Value?] { [inputs[0]] }

  public func pullback(_ gradients: [Tensor?], saved: [Value?], needs: InputMask) throws -> [Tensor?] {
    guard let gradient = gradients[0] else { return [nil] }
    return [try apply(GeluGradient(approximates: approximates), to: gradient, try tensor(saved, 0, of: Self.schema))]
  }
}

extension Tensor {
  /// See `Gelu`.
  public func gelu(approximate: Bool = false) -> Tensor {
    .catching { try apply(Gelu(approximates: approximate), to: self) }
  }
}
