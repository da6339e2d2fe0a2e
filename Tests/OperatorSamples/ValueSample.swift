import ThawTensor
import ThawTypes

/// An operation with rows whose inputs or outputs are not all tensors of numbers: sequences, optional values, strings.
public protocol ValueSampled: Operator {
  static var valueSamples: [ValueSample] { get }
  /// Inputs that must be refused, with the text of the error.
  static var valueFailures: [ValueFailure] { get }
}

extension ValueSampled {
  public static var valueFailures: [ValueFailure] { [] }
}

/// One row: an operation, its inputs, and what must come out.
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

  public init(_ name: String, _ operation: any Operator, _ inputs: Value?..., expected: Value...) {
    self.init(name, operation, inputs, expected: expected)
  }
}

/// Inputs that must be refused.
public struct ValueFailure: Sendable {
  public let operation: any Operator
  public let inputs: [Value?]
  public let message: String

  public init(_ operation: any Operator, _ inputs: Value?..., message: String) {
    self.operation = operation
    self.inputs = inputs
    self.message = message
  }
}

extension Value {
  /// A vector of float32 numbers, or of a shape.
  public static func floats(_ values: [Float], _ shape: [Int]? = nil) -> Value { .tensor(.floats(values, shape)) }

  /// A vector of int64 numbers, or of a shape.
  public static func ints(_ values: [Int], _ shape: [Int]? = nil) -> Value { .tensor(.ints(values, shape)) }

  /// A vector of truth values, or of a shape.
  public static func bools(_ values: [Bool], _ shape: [Int]? = nil) -> Value { .tensor(.bools(values, shape)) }

  /// A vector of strings, or of a shape.
  public static func strings(_ texts: [String], _ shape: [Int]? = nil) -> Value { .tensor(.texts(texts, shape)) }

  /// A sequence of float32 tensors of any dimensions.
  public static func sequence(_ elements: Value...) -> Value { .sequence(elements, of: .floats) }

  /// A map from keys, a vector, to single values of the type of `values`.
  public static func map(_ keys: Value, _ values: [Value]) -> Value {
    let type = values.first?.type ?? .tensor(.float32([]))
    return .map(MapValue(keys: keys.tensor ?? .zeros([0]), values: values, valueType: type))
  }
}

extension ValueType {
  static let floats = ValueType.tensor(TensorType(.float32, nil))
}

extension Tensor {
  /// A tensor of strings: a vector, or of a shape.
  public static func texts(_ texts: [String], _ shape: [Int]? = nil) -> Tensor {
    // A shape that does not fit shows as a row that fails.
    (try? Tensor(strings: texts.map { Array($0.utf8) }, shape: shape ?? [texts.count])) ?? Tensor([Float]())
  }
}
