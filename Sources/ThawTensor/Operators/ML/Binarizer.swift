import ThawTypes

/// One where an element is greater than a threshold, else zero (ONNX-ML Binarizer-1).
public struct Binarizer: Composite {
  public var threshold: Float

  public init(threshold: Float = 0) { self.threshold = threshold }

  public static let schema = Schema(
    "Binarizer", domain: .onnxML, versions: [1], inputs: [Input("X")], batch: .elementwise,
    differentiability: .never(because: "its result is constant on either side of the threshold"))

  public init(_ node: NodeReader) throws { self.init(threshold: try node.float("threshold", default: 0)) }

  public func attributes(opset: Int) throws -> [String: Attribute] { ["threshold": .float(threshold)] }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    let x = try tensorType(inputs, 0, of: Self.schema)
    guard x.dtype.isFloatingPoint || x.dtype.isInteger else {
      throw TensorError(.dtype, "Binarizer: X is \(x), and should be of numbers")
    }
    return [.tensor(x)]
  }

  public func body(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let x = try tensor(inputs, 0, of: Self.schema)
    _ = try outputTypes([.tensor(x.type)], known: KnownValues())
    let numbers = x.detach().dtype.isFloatingPoint ? x.detach() : x.cast(to: .float64)
    return [.tensor((numbers .> threshold).cast(to: x.dtype))]
  }
}
