import ThawKernels
import ThawTypes

/// Where an element is infinite, of either or of one sign (ONNX IsInf-10, 20).
public struct IsInf: Primitive {
  public var detectsNegative: Bool
  public var detectsPositive: Bool

  public init(detectsNegative: Bool = true, detectsPositive: Bool = true) {
    self.detectsNegative = detectsNegative
    self.detectsPositive = detectsPositive
  }

  public static let schema = Schema(
    "IsInf", versions: [10, 20], inputs: [Input("X", .index)], outputs: [Output("Y", differentiable: false)],
    batch: .elementwise, differentiability: .never(because: "a test of numbers is constant almost everywhere"))

  public init(_ node: NodeReader) throws {
    self.init(
      detectsNegative: try node.flag("detect_negative", default: true),
      detectsPositive: try node.flag("detect_positive", default: true))
  }

  public func attributes(opset: Int) throws -> [String: Attribute] {
    ["detect_negative": .int(detectsNegative ? 1 : 0), "detect_positive": .int(detectsPositive ? 1 : 0)]
  }

  public var minimumOpset: Int { 10 }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    [.tensor(TensorType(.bool, try tensorType(inputs, 0, of: Self.schema).dims))]
  }

  public func forward(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let x = try tensor(inputs, 0, of: Self.schema)
    if detectsNegative == detectsPositive {
      return [.tensor(detectsPositive ? try elementwise(.isInf, x) : try Tensor.full(x.shape, 0, dtype: .bool))]
    }
    let infinity = try Tensor.scalar(detectsPositive ? .infinity : -.infinity, dtype: x.dtype)
    return [.tensor(try elementwise(.equal, x, infinity, in: "IsInf"))]
  }
}

extension Tensor {
  /// Where elements are infinite; see `IsInf`.
  public func isInf() -> Tensor { .catching { try apply(IsInf(), to: self) } }
}
