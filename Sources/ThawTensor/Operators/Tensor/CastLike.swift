import ThawTypes

/// The same numbers in the type of another tensor (ONNX CastLike-15, 19, 21, 23, 24, 25).
public struct CastLike: Composite {
  /// To float8: whether what is too large becomes the largest number.
  public var saturates: Bool

  public init(saturates: Bool = true) { self.saturates = saturates }

  public static let schema = Schema(
    "CastLike", versions: [15, 19, 21, 23, 24, 25], inputs: [Input("input"), Input("target_type", .index)],
    outputs: [Output("output")], batch: .elementwise)

  public init(_ node: NodeReader) throws {
    self.init(saturates: node.version >= 19 ? try node.flag("saturate", default: true) : true)
    if node.version >= 24, let mode = try node.string("round_mode"), mode != "up" {
      throw TensorError(.unsupported, "CastLike: the attribute round_mode is '\(mode)', and only 'up' is supported")
    }
  }

  public func attributes(opset: Int) throws -> [String: Attribute] { saturates ? [:] : ["saturate": .int(0)] }

  public var minimumOpset: Int { saturates ? 15 : 19 }

  public func batchAxes(of batch: BatchLayout) -> [BatchAxis?] { batch[0].map { batch.all($0) } ?? batch.mixed }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    let target = try tensorType(inputs, 1, of: Self.schema).dtype
    return [.tensor(TensorType(target, try tensorType(inputs, 0, of: Self.schema).dims))]
  }

  public func body(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let target = try tensor(inputs, 1, of: Self.schema).dtype
    return [.tensor(try apply(Cast(to: target, saturates: saturates), to: try tensor(inputs, 0, of: Self.schema)))]
  }
}
