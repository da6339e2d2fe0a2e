import ThawONNX
import ThawTensor
import ThawTypes

/// The element types that Thaw computes an operator with, found by asking it.
///
/// The operator is called, outside of every graph, with tensors of one element each, of every type that the newest
/// published form allows for the first input. Where no such call can be made for any type, for want of attributes or
/// shapes that fit, nothing is said.
public struct OperatorProbe {
  private let operation: any Operator
  private let published: PublishedSchema
  private let first: PublishedSchema.FormalParameter
  /// How many inputs a call has.
  private let count: Int

  /// - Returns: nil for an operator without inputs or published form, and for one with attributes that must be given
  ///   and have no obvious value.
  public init?(_ type: any Operator.Type) {
    let schema = type.schema
    let forms = schema.versions.reversed().lazy.compactMap {
      PublishedSchemas.named(schema.name, in: schema.domain, opset: $0)
    }
    guard let published = forms.first(where: { !$0.isDeprecated }), let first = published.inputs.first else {
      return nil
    }
    self.published = published
    self.first = first
    count = max(published.inputCount.lowerBound, 1)
    var attributes: [String: Attribute] = [:]
    for attribute in published.attributes where attribute.isRequired {
      guard let value = Self.value(of: attribute.type) else { return nil }
      attributes[attribute.name] = value
    }
    let reader = NodeReader(
      name: schema.name, version: published.version, attributes: attributes,
      presentInputs: Array(repeating: true, count: count), outputCount: max(published.outputCount.lowerBound, 1))
    guard let operation = try? Operators.decode(type, reader), reader.suppliedInputs.isEmpty else { return nil }
    self.operation = operation
  }

  private static func value(of type: AttributeProto.AttributeType) -> Attribute? {
    switch type {
    case .int: .int(1)
    case .float: .float(1)
    case .ints: .ints([1])
    case .floats: .floats([1])
    default: nil
    }
  }

  /// The types of the first input that a call can be made with, in ONNX's order; nil where none can.
  public func takenTypes() -> [DType]? {
    let allowed = published.types(of: first)
    let asked = DType.allCases.filter { allowed.contains("tensor(\($0.published))") }
    let taken = noGrad { asked.filter(takes) }
    return taken.isEmpty ? nil : taken
  }

  private func takes(_ dtype: DType) -> Bool {
    let types = (0..<count).map { index -> DType? in
      guard let formal = published.input(at: index) else { return nil }
      if formal.type == first.type { return dtype }
      let allowed = published.types(of: formal)
      return [DType.float32, .int64, .bool, .uint8, .string].first { allowed.contains("tensor(\($0.published))") }
    }
    return shapes.contains { ranks in
      [1.0, 0.0].contains { fill in
        let inputs = zip(types, ranks).map { type, rank in type.flatMap { Self.tensor($0, rank: rank, fill) } }
        guard inputs.allSatisfy({ $0 != nil }) else { return false }
        return (try? apply(operation, to: inputs.map { $0.map(Value.tensor) })) != nil
      }
    }
  }

  /// The ranks of the inputs, to be tried one after the other: all the same, then every choice for up to three inputs.
  private var shapes: [[Int]] {
    let same = (0...4).map { Array(repeating: $0, count: count) }
    guard (2...3).contains(count) else { return same }
    let choices = (0..<count).reduce([[]] as [[Int]]) { ranks, _ in ranks.flatMap { r in (0...4).map { r + [$0] } } }
    return same + choices
  }

  /// A tensor of one element, of the type and rank.
  private static func tensor(_ dtype: DType, rank: Int, _ fill: Double) -> Tensor? {
    let shape = Array(repeating: 1, count: rank)
    switch dtype {
    case .string: return try? Tensor(strings: [[0x31]], shape: shape)
    case .complex64, .complex128:
      let bytes = ByteRegion([UInt8](repeating: 0, count: dtype.itemSize))
      return (try? TensorData(dtype, shape, bytes: bytes)).flatMap { try? Tensor($0) }
    default: return try? Tensor.full(shape, fill, dtype: dtype)
    }
  }
}
