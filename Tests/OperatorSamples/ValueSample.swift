import ThawTensor

/// An operator of strings, sequences or maps, with rows of what it gives for values that are no tensors of numbers.
public protocol ValueSampled: Operator {
  static var valueSamples: [ValueSample] { get }
}

/// One row: an operation, what it is given, and what must come out.
public struct ValueSample: Sendable {
  public let name: String
  public let operation: any Operator
  public let inputs: [Value?]
  public let expected: [Value?]

  public init(_ name: String, _ operation: any Operator, _ inputs: [Value?], expected: [Value?]) {
    self.name = name
    self.operation = operation
    self.inputs = inputs
    self.expected = expected
  }
}

extension Value {
  /// A vector of strings, or of a shape.
  public static func strings(_ texts: [String], _ shape: [Int]? = nil) -> Value {
    let bytes = texts.map { Array($0.utf8) }
    return (try? Tensor(strings: bytes, shape: shape ?? [texts.count])).map(Value.tensor) ?? .tensor(.zeros([0]))
  }

  /// A vector of int64 numbers, or of a shape.
  public static func ints(_ values: [Int], _ shape: [Int]? = nil) -> Value { .tensor(.ints(values, shape)) }

  /// A vector of float32 numbers, or of a shape.
  public static func floats(_ values: [Float], _ shape: [Int]? = nil) -> Value { .tensor(.floats(values, shape)) }

  /// A map from keys, a vector, to single values of the type of `values`.
  public static func map(_ keys: Value, _ values: [Value]) -> Value {
    let type = values.first?.type ?? .tensor(.float32([]))
    return .map(MapValue(keys: keys.tensor ?? .zeros([0]), values: values, valueType: type))
  }
}
