import ThawTypes

/// Pairs of a head's elements turned by angles that depend on their place in the sequence (ONNX RotaryEmbedding-23;
/// Su and others, 2021).
///
/// The input is (batch, heads, places, size), or (batch, places, heads × size) with the number of heads as attribute.
public struct RotaryEmbedding: Composite {
  public var heads: Int
  /// How many elements of a head are turned; 0 for all.
  public var turned: Int
  /// Whether pairs are neighbours, rather than from the two halves.
  public var interleaves: Bool

  public init(heads: Int = 0, turned: Int = 0, interleaves: Bool = false) {
    self.heads = heads
    self.turned = turned
    self.interleaves = interleaves
  }

  public static let schema = Schema(
    "RotaryEmbedding", versions: [23],
    inputs: [
      Input("X"), Input("cos_cache", .setting), Input("sin_cache", .setting),
      Input("position_ids", .index, optional: true),
    ], batch: .mixing)

  public init(_ node: NodeReader) throws {
    self.init(
      heads: try node.int("num_heads", default: 0), turned: try node.int("rotary_embedding_dim", default: 0),
      interleaves: try node.flag("interleaved", default: false))
  }

  public func attributes(opset: Int) throws -> [String: Attribute] {
    ["num_heads": .int(heads), "rotary_embedding_dim": .int(turned), "interleaved": .int(interleaves ? 1 : 0)]
  }

  public func batchAxes(of batch: BatchLayout) -> [BatchAxis?] {
    // Without positions the caches are (batch, places, half), with them (places, half).
    let isApart = (1..<3).allSatisfy {
      batch.input(3) == nil ? batch[$0] == 0 || batch.isSame($0, fromEnd: 3) : batch.isSame($0)
    }
    return batch[0] == 0 && isApart && (batch[3] == 0 || batch.isSame(3, fromEnd: 2)) ? batch.all(0) : batch.mixed
  }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    let x = try tensorType(inputs, 0, of: Self.schema)
    guard let dims = x.dims else { return [.tensor(x)] }
    guard dims.count == 4 || (dims.count == 3 && heads > 0) else {
      throw TensorError(
        .shape, "RotaryEmbedding: X is \(x), and should have 4 axes, or 3 and the attribute num_heads")
    }
    if let width = dims[dims.count - 1].value {
      let isSplit = dims.count == 4 || width % heads == 0
      let size = dims.count == 4 ? width : width / max(1, heads)
      guard isSplit, (turned == 0 ? size : turned) % 2 == 0, (0...size).contains(turned) else {
        throw TensorError(
          .shape, "RotaryEmbedding: of X \(x), with \(heads) heads, \(turned) elements cannot be turned in pairs")
      }
    }
    return [.tensor(x)]
  }

  public func body(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let x = try tensor(inputs, 0, of: Self.schema)
    _ = try outputTypes(inputs.map { $0?.type }, known: KnownValues())
    let isFlat = x.rank == 3
    // Of a flat input the heads come after the places.
    let parts = isFlat ? x.reshaped(to: Tensor([0, 0, heads, -1])) : x
    let ids = try optionalTensor(inputs, 3, of: Self.schema)
    let angles = try (1..<3).map { index in
      let cache = try tensor(inputs, index, of: Self.schema)
      return (ids.map { cache.gather($0) } ?? cache).unsqueezed(axes: [isFlat ? 2 : 1])
    }
    let size = isFlat ? x.shape[2] / heads : x.shape[3]
    let width = turned == 0 ? size : turned
    func cut(_ start: Int, _ end: Int, by step: Int = 1) -> Tensor {
      parts.slice(starts: [start], ends: [end], axes: [3], steps: [step])
    }
    let (first, second) =
      interleaves
      ? (cut(0, width, by: 2), cut(1, width, by: 2)) : (cut(0, width / 2), cut(width / 2, width))
    let pairs = [first * angles[0] - second * angles[1], first * angles[1] + second * angles[0]]
    var result: Tensor
    if interleaves {
      let joined = Tensor.concat(pairs.map { $0.unsqueezed(axes: [4]) }, axis: 4)
      result = joined.reshaped(to: Tensor([0, 0, 0, width]))
    } else {
      result = .concat(pairs, axis: 3)
    }
    if width < size { result = .concat([result, cut(width, size)], axis: 3) }
    return [.tensor(isFlat ? result.reshaped(to: Tensor([0, 0, -1])) : result)]
  }
}
