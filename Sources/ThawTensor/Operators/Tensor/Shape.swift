import ThawTypes

/// The dimensions of a tensor, from `start` to before `end` (ONNX Shape-1, 13, 15, 19, 21, 23, 24, 25).
public struct Shape: Primitive {
  public var start: Int
  /// nil for the last dimension included.
  public var end: Int?

  public init(start: Int = 0, end: Int? = nil) {
    self.start = start
    self.end = end
  }

  public static let schema = Schema(
    "Shape", versions: [1, 13, 15, 19, 21, 23, 24, 25], inputs: [Input("data", .index)],
    outputs: [Output("shape", differentiable: false)], batch: .mixing,
    differentiability: .never(because: "a shape does not change with the values"))

  public init(_ node: NodeReader) throws {
    start = node.version >= 15 ? try node.int("start", default: 0) : 0
    end = node.version >= 15 ? try node.int("end") : nil
  }

  public func attributes(opset: Int) throws -> [String: Attribute] {
    var attributes: [String: Attribute] = [:]
    if start != 0 { attributes["start"] = .int(start) }
    if let end { attributes["end"] = .int(end) }
    return attributes
  }

  public var minimumOpset: Int { start == 0 && end == nil ? 1 : 15 }

  public func batchAxes(of batch: BatchLayout) -> [BatchAxis?] { batch.outputs.map { _ in .count } }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    let dims = try tensorType(inputs, 0, of: Self.schema).dims
    return [.tensor(TensorType(.int64, [dims.map { .known(range(rank: $0.count).count) } ?? .unknown]))]
  }

  public func forward(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let shape = try tensor(inputs, 0, of: Self.schema).shape
    return [.tensor(try Tensor(copying: Array(shape[range(rank: shape.count)]), shape: nil))]
  }

  /// The dimensions that are meant; both bounds count from the end when negative, and are clamped.
  private func range(rank: Int) -> Range<Int> {
    func clamp(_ bound: Int) -> Int { min(max(bound < 0 ? bound + rank : bound, 0), rank) }
    let lower = clamp(start)
    return lower..<max(lower, clamp(end ?? rank))
  }
}

extension Tensor {
  /// The dimensions as a tensor, which a recording keeps for the batch size to vary; see `Shape`.
  public func shapeTensor() -> Tensor { .catching { try apply(Shape(), to: self) } }
}
