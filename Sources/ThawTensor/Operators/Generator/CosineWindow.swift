import Foundation
import ThawTypes

/// A window for signals: a sum of cosines over a number of places, which is the input.
protocol CosineWindow: Primitive {
  /// The sum's coefficients, of cos 0, cos 2πn/N, cos 4πn/N …
  static var coefficients: [Double] { get }
  var dtype: DType { get }
  /// Whether the window goes on where it began, rather than being symmetric.
  var isPeriodic: Bool { get }
  init(dtype: DType, isPeriodic: Bool)
}

extension Schema {
  static func window(_ name: String) -> Schema {
    Schema(
      name, versions: [17], inputs: [Input("size", .index, value: true)],
      outputs: [Output("output", differentiable: false)], batch: .mixing,
      differentiability: .never(because: "its input says how many numbers there are"))
  }
}

extension CosineWindow {
  public init(_ node: NodeReader) throws {
    self.init(
      dtype: try node.dtype("output_datatype") ?? .float32, isPeriodic: try node.flag("periodic", default: true))
  }

  public func attributes(opset: Int) throws -> [String: Attribute] {
    ["output_datatype": .int(Int(dtype.rawValue)), "periodic": .int(isPeriodic ? 1 : 0)]
  }

  private func count(_ size: Tensor) throws -> Int {
    let numbers = try size.integers()
    guard numbers.count == 1, DType.elementCount(of: numbers) != nil else {
      throw TensorError(.range, "\(Self.schema.name): the size is \(numbers), and should be one number, not negative")
    }
    return numbers[0]
  }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    _ = try tensorType(inputs, 0, of: Self.schema)
    return [.tensor(TensorType(dtype, [try known[0].map { .known(try count($0)) } ?? .unknown]))]
  }

  public func forward(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let count = try count(try tensor(inputs, 0, of: Self.schema))
    let period = Double(isPeriodic ? count : max(1, count - 1))
    let window = try Tensor.vector(count) { place -> Double in
      // A window of one place is 1, as in PyTorch.
      if count == 1 { return 1 }
      return Self.coefficients.enumerated().reduce(0) { sum, term in
        sum + term.element * cos(2 * Double.pi * Double(term.offset * place) / period)
      }
    }
    return [.tensor(try window.numbers(as: dtype))]
  }
}
