import ThawTypes

/// A convolution, what is added to it, and a function of the sum (ONNX Runtime's FusedConv-1, domain com.microsoft); see
/// `Conv`.
public struct FusedConv: Composite {
  public var conv: Conv
  public var activation: FusedActivation?

  public init(_ conv: Conv, activation: FusedActivation? = nil) {
    self.conv = conv
    self.activation = activation
  }

  public static let schema = Schema(
    "FusedConv", domain: .microsoft, versions: [1], inputs: Conv.schema.inputs + [Input("Z", optional: true)],
    batch: .rowwise)

  public init(_ node: NodeReader) throws {
    let numbers = try node.floats("activation_params") ?? []
    self.init(
      try Conv(node),
      activation: try node.string("activation").map { try FusedActivation($0, numbers, in: "FusedConv") })
  }

  public func attributes(opset: Int) throws -> [String: Attribute] {
    var attributes = try conv.attributes(opset: 11)
    attributes["activation"] = activation.map { .text($0.written.name) }
    attributes["activation_params"] = activation.map { .floats($0.written.numbers) }
    return attributes
  }

  public func batchAxes(of batch: BatchLayout) -> [BatchAxis?] {
    let isApart = (1..<3).allSatisfy(batch.isSame) && (batch[3] == 0 || batch.input(3) == nil)
    return batch[0] == 0 && isApart ? batch.all(0) : batch.mixed
  }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    let type = try conv.outputTypes(Array(inputs.prefix(3)), known: known)
    guard let addend = try optionalTensorType(inputs, 3, of: Self.schema) else { return type }
    return try Add().outputTypes([type[0], .tensor(addend)], known: KnownValues())
  }

  public func body(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    _ = try outputTypes(inputs.map { $0?.type }, known: KnownValues())
    var y = try tensor(apply(conv, to: Array(inputs.prefix(3))), 0, of: Conv.schema)
    if let addend = try optionalTensor(inputs, 3, of: Self.schema) { y = y + addend }
    return [.tensor(activation.map { $0(y) } ?? y)]
  }
}
