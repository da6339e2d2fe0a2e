import ThawTypes

/// α A B + β C for matrices, and a function of it (ONNX Runtime's FusedGemm-1, domain com.microsoft); see `Gemm`.
public struct FusedGemm: Composite {
  public var gemm: Gemm
  public var activation: FusedActivation?

  public init(_ gemm: Gemm, activation: FusedActivation? = nil) {
    self.gemm = gemm
    self.activation = activation
  }

  public static let schema = Schema(
    "FusedGemm", domain: .microsoft, versions: [1], inputs: Gemm.schema.inputs, batch: .mixing)

  private static let numbers = ["activation_alpha", "activation_beta", "activation_gamma"]

  public init(_ node: NodeReader) throws {
    let numbers = try Self.numbers.compactMap { try node.float($0) }
    self.init(
      try Gemm(node),
      activation: try node.string("activation").map { try FusedActivation($0, numbers, in: "FusedGemm") })
  }

  public func attributes(opset: Int) throws -> [String: Attribute] {
    var attributes = try gemm.attributes(opset: 13)
    guard let activation else { return attributes }
    attributes["activation"] = .text(activation.written.name)
    for (name, number) in zip(Self.numbers, activation.written.numbers) { attributes[name] = .float(number) }
    return attributes
  }

  public func batchAxes(of batch: BatchLayout) -> [BatchAxis?] { gemm.batchAxes(of: batch) }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    try gemm.outputTypes(inputs, known: known)
  }

  public func body(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let y = try tensor(apply(gemm, to: inputs), 0, of: Gemm.schema)
    return [.tensor(activation.map { $0(y) } ?? y)]
  }
}
