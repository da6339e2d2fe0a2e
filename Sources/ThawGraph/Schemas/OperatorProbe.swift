import ThawONNX
import ThawTensor
import ThawTypes

/// The element types that Thaw computes an operator with, found by asking it.
///
/// The operator is called, outside of every graph, with small tensors of every type that the newest published form
/// allows for the first input. Where no such call can be made for any type, for want of attributes or
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
    guard let published = PublishedSchemas.newest(of: type.schema), let first = published.inputs.first else {
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
    let asked = published.elementTypes(of: first)
    let usual = Self.usual.filter(asked.contains)
    return noGrad {
      // A call that works is kept for all types: another one may ask less of the operator.
      let call = calls.first { call in (usual.isEmpty ? asked : usual).contains { takes($0, call) } }
      return call.map { call in asked.filter { takes($0, call) } }
    }
  }

  /// What stands for all types that are allowed.
  private static let usual: [DType] = [.float32, .int64, .uint8, .bool, .string]

  /// What the inputs of a call look like.
  private struct Call {
    let ranks: [Int]
    /// The size of every dimension.
    let size: Int
    /// Every number.
    let fill: Int
  }

  /// The calls to try, those that ask more of the operator first: ranks that are all the same, and every choice of them
  /// for two and three inputs.
  private var calls: [Call] {
    var ranks = (0...4).reversed().map { Array(repeating: $0, count: count) }
    if (2...3).contains(count) {
      ranks += (0..<count).reduce([[]] as [[Int]]) { ranks, _ in ranks.flatMap { r in (0...4).map { r + [$0] } } }
    }
    return [2, 1].flatMap { size in
      [2, 1, 0].flatMap { fill in ranks.map { Call(ranks: $0, size: size, fill: fill) } }
    }
  }

  private func takes(_ dtype: DType, _ call: Call) -> Bool {
    var values: [Value?] = []
    for (index, rank) in call.ranks.enumerated() {
      guard let formal = published.input(at: index) else { return false }
      let allowed = published.types(of: formal)
      let type =
        formal.type == first.type ? dtype : Self.usual.first { allowed.contains("tensor(\($0.published))") }
      guard let type, let tensor = Self.tensor(type, Array(repeating: call.size, count: rank), call.fill) else {
        return false
      }
      values.append(.tensor(tensor))
    }
    return operations.contains { (try? apply($0, to: values)) != nil }
  }

  private static func tensor(_ dtype: DType, _ shape: [Int], _ fill: Int) -> Tensor? {
    let count = shape.reduce(1, *)
    switch dtype {
    case .string:
      return try? Tensor(strings: Array(repeating: Array("\(fill)".utf8), count: count), shape: shape)
    case .complex64, .complex128:
      let bytes = ByteRegion([UInt8](repeating: 0, count: count * dtype.itemSize))
      return (try? TensorData(dtype, shape, bytes: bytes)).flatMap { try? Tensor($0) }
    // These hold no 2.
    case .bool, .int2: return try? Tensor.full(shape, Double(min(fill, 1)), dtype: dtype)
    default: return try? Tensor.full(shape, Double(fill), dtype: dtype)
    }
  }
}
