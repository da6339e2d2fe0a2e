import ThawONNX
import ThawTensor
import ThawTypes

/// The element types that Thaw computes an operator with, found by asking it.
///
/// The operator is called, outside of every graph, with tensors of one element each, of every type that the newest
/// published form allows for the first input. Where no such call can be made for any type, for want of attributes or
/// shapes that fit, nothing is said.
public struct OperatorProbe {
  /// The operator with each choice of the attributes that must be given.
  private let operations: [any Operator]
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
    let count = max(published.inputCount.lowerBound, 1)
    self.count = count
    let needed = published.attributes.filter(\.isRequired)
    // An integer may be an element type's number.
    let numbers = needed.contains { $0.type == .int } ? DType.allCases.map { Int($0.rawValue) } : [1]
    operations = numbers.compactMap { Self.operation(type, published, needed, number: $0, inputCount: count) }
    if operations.isEmpty { return nil }
  }

  private static func operation(
    _ type: any Operator.Type, _ published: PublishedSchema, _ needed: [PublishedSchema.FormalAttribute], number: Int,
    inputCount: Int
  ) -> (any Operator)? {
    var attributes: [String: Attribute] = [:]
    for attribute in needed {
      switch attribute.type {
      case .int: attributes[attribute.name] = .int(number)
      case .float: attributes[attribute.name] = .float(1)
      case .ints: attributes[attribute.name] = .ints([1])
      case .floats: attributes[attribute.name] = .floats([1])
      default: return nil
      }
    }
    let reader = NodeReader(
      name: published.name, version: published.version, attributes: attributes,
      presentInputs: Array(repeating: true, count: inputCount),
      outputCount: max(published.outputCount.lowerBound, 1))
    guard let operation = try? Operators.decode(type, reader), reader.suppliedInputs.isEmpty else { return nil }
    return operation
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
        let values = inputs.map { $0.map(Value.tensor) }
        return operations.contains { (try? apply($0, to: values)) != nil }
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
