import ThawTypes

/// A table that gives a value for each of its keys, and another for everything else.
public struct LabelTable: Hashable, Sendable {
  public let keys: LabelList
  public let values: LabelList
  /// One value of the values' type.
  public let fallback: LabelList

  /// - Parameter fallback: -1, -0 or "_Unused" when left out.
  public init(keys: LabelList, values: LabelList, fallback: LabelList? = nil) {
    self.keys = keys
    self.values = values
    self.fallback = fallback ?? Self.fallback(for: values)
  }

  private static func fallback(for values: LabelList) -> LabelList {
    switch values {
    case .integers(_, let dtype): .integers([-1], dtype)
    case .floats(_, let dtype): .floats([-0.0], dtype)
    case .strings: .texts(["_Unused"])
    }
  }

  /// - Throws: `TensorError` of kind `operand` when there are not as many values as keys.
  func checked(in name: String) throws -> LabelTable {
    guard keys.count == values.count else {
      throw TensorError(.operand, "\(name): there are \(keys.count) keys and \(values.count) values")
    }
    guard fallback.count == 1, values.appending(fallback) != nil, fallback.dtype == values.dtype else {
      throw TensorError(
        .operand,
        "\(name): the default should be one value of type \(values.dtype), and there are \(fallback.count) of type "
          + "\(fallback.dtype)")
    }
    return self
  }

  /// The values of a tensor's elements; of equal keys the first counts.
  func lookUp(_ x: Tensor) throws -> Tensor {
    let places = Dictionary(zip(keys.labels, 0...)) { first, _ in first }
    let found = try LabelList(x, of: "X", in: "LabelEncoder").labels.map { places[$0] ?? values.count }
    return try (values.appending(fallback) ?? values).tensor(at: found, shape: x.shape)
  }
}

/// An operation that looks elements up in the table for their type.
protocol TableLookup: Primitive {
  var tables: Bulk<[LabelTable]> { get }
}

extension TableLookup {
  private func table(for dtype: DType) throws -> LabelTable {
    guard let table = tables.contents.first(where: { $0.keys.dtype == dtype }) else {
      throw TensorError(
        .dtype,
        "\(Self.schema.name): X is of type \(dtype), and the keys are of type "
          + tables.contents.map { "\($0.keys.dtype)" }.joined(separator: " or "))
    }
    return table
  }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    let x = try tensorType(inputs, 0, of: Self.schema)
    return [.tensor(TensorType(try table(for: x.dtype).values.dtype, x.dims))]
  }

  public func forward(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let x = try tensor(inputs, 0, of: Self.schema)
    return [.tensor(try table(for: x.dtype).lookUp(x))]
  }
}
