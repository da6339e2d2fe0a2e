import ThawKernels
import ThawTypes

/// Bits shifted to the left or to the right (ONNX BitShift-11, 28).
public struct BitShift: Primitive {
  public var toLeft: Bool

  public init(toLeft: Bool) { self.toLeft = toLeft }

  public static let schema = Schema(
    "BitShift", versions: [11, 28], inputs: [Input("X", .index), Input("Y", .index)],
    outputs: [Output("Z", differentiable: false)], batch: .elementwise,
    differentiability: .never(because: "it takes whole numbers"))

  public init(_ node: NodeReader) throws {
    let direction = try node.required("direction", try node.string("direction"))
    guard direction == "LEFT" || direction == "RIGHT" else {
      throw TensorError(.unsupported, "BitShift: the attribute direction is '\(direction)'; it may be LEFT or RIGHT")
    }
    self.init(toLeft: direction == "LEFT")
  }

  public func attributes(opset: Int) throws -> [String: Attribute] { ["direction": .text(toLeft ? "LEFT" : "RIGHT")] }

  private var function: BinaryFunction { toLeft ? .shiftLeft : .shiftRight }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    let left = try tensorType(inputs, 0, of: Self.schema)
    try checkBits(left.dtype, in: "BitShift")
    return [.tensor(try elementwiseType(function, left, try tensorType(inputs, 1, of: Self.schema), in: "BitShift"))]
  }

  public func forward(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let left = try tensor(inputs, 0, of: Self.schema)
    try checkBits(left.dtype, in: "BitShift")
    return [.tensor(try elementwise(function, left, try tensor(inputs, 1, of: Self.schema), in: "BitShift"))]
  }
}

/// Refuses types whose bits mean nothing by themselves.
func checkBits(_ dtype: DType, in name: String) throws {
  guard dtype.isInteger else { throw TensorError(.dtype, "\(name): the inputs are \(dtype), and should be integers") }
}
