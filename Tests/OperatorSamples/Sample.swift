import ThawTensor
import ThawTypes

/// An operator with rows for the table of samples.
public protocol Sampled: Operator {
  static var samples: [Sample] { get }
  /// Inputs that must be refused, with the text of the error.
  static var failures: [Failure] { get }
}

extension Sampled {
  public static var failures: [Failure] { [] }
}

/// One row: an operation and descriptions of its inputs.
public struct Sample: Sendable {
  public let name: String
  public let operation: any Operator
  public let inputs: [SampleInput?]
  public let wanted: OutputMask
  /// What must come out, where it is written down; nil entries are not compared.
  public let expected: [Tensor?]
  /// How many outputs a node of this operation has.
  public let outputCount: Int

  public init(
    _ name: String, _ operation: any Operator, _ inputs: SampleInput?..., wanted: OutputMask = .only(0),
    outputs outputCount: Int = 1, expected: [Tensor?] = []
  ) {
    self.name = name
    self.operation = operation
    self.inputs = inputs
    self.wanted = wanted
    self.outputCount = outputCount
    self.expected = expected
  }
}

/// Inputs that must be refused.
public struct Failure: Sendable {
  public let operation: any Operator
  public let inputs: [SampleInput?]
  public let message: String

  public init(_ operation: any Operator, _ inputs: SampleInput?..., message: String) {
    self.operation = operation
    self.inputs = inputs
    self.message = message
  }
}

/// How an input of a sample is made.
public enum SampleInput: Sendable {
  /// Floating numbers drawn from a range; the harness picks float32 or float64.
  case uniform([Int], ClosedRange<Double> = -2...2)
  /// Floating numbers that all differ by at least a hundredth: no ties, no kinks met by a finite difference.
  case distinct([Int], around: Double = 0)
  /// Exactly these numbers; the harness picks float32 or float64.
  case floats([Double], [Int])
  /// Exactly this tensor, whatever the harness asks for.
  case exact(Tensor)
}

extension SampleInput {
  /// Exactly these int64 numbers: a vector, or of a shape.
  public static func ints(_ values: [Int], _ shape: [Int]? = nil) -> SampleInput { .exact(.ints(values, shape)) }

  /// Exactly these truth values: a vector, or of a shape.
  public static func bools(_ values: [Bool], _ shape: [Int]? = nil) -> SampleInput { .exact(.bools(values, shape)) }

  /// The input's values in a floating type; the same for the same seed.
  public func tensor(_ dtype: DType, seed: UInt64) throws -> Tensor {
    switch self {
    case .exact(let tensor): return tensor
    case .floats(let values, let shape): return try floating(values, shape, dtype)
    case .uniform(let shape, let range):
      var generator = SampleGenerator(seed: seed)
      let count = shape.reduce(1, *)
      let values = (0..<count).map { _ in
        range.lowerBound + (range.upperBound - range.lowerBound) * generator.unit()
      }
      return try floating(values, shape, dtype)
    case .distinct(let shape, let center):
      var generator = SampleGenerator(seed: seed)
      let count = shape.reduce(1, *)
      var values = (0..<count).map { center + (Double($0) - Double(count) / 2 + 0.37) * 0.05 }
      for index in values.indices.reversed() where index > 0 {
        values.swapAt(index, Int(generator.next() % UInt64(index + 1)))
      }
      return try floating(values, shape, dtype)
    }
  }

  /// Whether the harness may choose its floating type and require its gradient.
  public var isFloating: Bool { if case .exact = self { false } else { true } }

  private func floating(_ values: [Double], _ shape: [Int], _ dtype: DType) throws -> Tensor {
    try withErrors { Tensor(elements: values, shape: shape).cast(to: dtype) }
  }
}

extension Tensor {
  /// What a float32 sample should give: a vector, or of a shape.
  public static func floats(_ values: [Float], _ shape: [Int]? = nil) -> Tensor { Tensor(values, shape: shape) }

  /// What an int64 sample should give: a vector, or of a shape.
  public static func ints(_ values: [Int], _ shape: [Int]? = nil) -> Tensor { Tensor(values, shape: shape) }

  /// What a bool sample should give: a vector, or of a shape.
  public static func bools(_ values: [Bool], _ shape: [Int]? = nil) -> Tensor { Tensor(values, shape: shape) }
}

/// SplitMix64: the same samples on every machine.
public struct SampleGenerator: RandomNumberGenerator, Sendable {
  private var state: UInt64

  public init(seed: UInt64) { state = seed &* 0x2545_F491_4F6C_DD1D &+ 1 }

  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// A number in 0 ..< 1.
  public mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }
}
