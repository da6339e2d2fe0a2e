import ThawKernels
import ThawTypes

/// The same numbers in another type, or as text (ONNX Cast-1, 6, 9, 13, 19, 21, 23, 24, 25, 28).
public struct Cast: Primitive {
  public var to: DType
  /// To float8: whether what is too large becomes the largest number, rather than infinity or NaN.
  public var saturates: Bool

  public init(to: DType, saturates: Bool = true) {
    self.to = to
    self.saturates = saturates
  }

  public static let schema = Schema(
    "Cast", versions: [1, 6, 9, 13, 19, 21, 23, 24, 25, 28], inputs: [Input("input")], outputs: [Output("output")],
    batch: .elementwise, autogradName: "ToCopy")

  public init(_ node: NodeReader) throws {
    let dtype = try node.required("to", node.version < 6 ? try node.dtype(named: "to") : try node.dtype("to"))
    if node.version >= 24, let mode = try node.string("round_mode"), mode != "up", dtype == .float8e8m0 {
      throw TensorError(
        .unsupported, "Cast: the attribute round_mode is '\(mode)', and to float8e8m0 only 'up' is supported")
    }
    self.init(to: dtype, saturates: node.version >= 19 ? try node.flag("saturate", default: true) : true)
  }

  public func attributes(opset: Int) throws -> [String: Attribute] {
    saturates ? ["to": .int(Int(to.rawValue))] : ["to": .int(Int(to.rawValue)), "saturate": .int(0)]
  }

  public var minimumOpset: Int {
    switch to {
    case .bfloat16: 13
    case .float8e4m3fn, .float8e4m3fnuz, .float8e5m2, .float8e5m2fnuz: 19
    case .int4, .uint4: 21
    case .float4e2m1: 23
    case .float8e8m0: 24
    case .int2, .uint2: 25
    default: saturates ? 9 : 19
    }
  }

  public var isDifferentiable: Bool { to.isFloatingPoint }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    [.tensor(TensorType(to, try tensorType(inputs, 0, of: Self.schema).dims))]
  }

  public func forward(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let input = try tensor(inputs, 0, of: Self.schema)
    if input.dtype == .string { return [.tensor(to == .string ? input : try input.parsed(as: to))] }
    if to == .string { return [.tensor(try input.numberTexts())] }
    return [.tensor(try input.numbers(as: to, saturate: saturates))]
  }

  /// An empty tensor of the input's type: all that the way back needs.
  public func saved(_ inputs: [Value?], _ outputs: [Value?], needs: InputMask) -> [Value?] {
    [(inputs[0]?.tensor).map { .tensor(Tensor.zeros([0], dtype: $0.dtype)) }]
  }

  public func pullback(_ gradients: [Tensor?], saved: [Value?], needs: InputMask) throws -> [Tensor?] {
    let source = try tensor(saved, 0, of: Self.schema).dtype
    return [gradients[0].map { $0.cast(to: source) }]
  }
}

extension Tensor {
  /// The same numbers in another type; see `Cast`.
  public func cast(to dtype: DType) -> Tensor { .catching { try apply(Cast(to: dtype), to: self) } }
}
