import ThawTypes

/// A convolution of quantized numbers, each less its zero point, in int32 (ONNX ConvInteger-10).
///
/// It is computed in float64, where the sums of such products are exact.
public struct ConvInteger: Composite {
  public var window: SlidingWindow
  public var groups: Int

  public init(window: SlidingWindow = SlidingWindow(), groups: Int = 1) {
    self.window = window
    self.groups = groups
  }

  public static let schema = Schema(
    "ConvInteger", versions: [10],
    inputs: [
      Input("x", .index), Input("w", .index), Input("x_zero_point", .index, optional: true),
      Input("w_zero_point", .index, optional: true),
    ], outputs: [Output("y", differentiable: false)], batch: .rowwise,
    differentiability: .never(because: "it takes whole numbers"))

  public init(_ node: NodeReader) throws {
    self.init(window: try SlidingWindow(node), groups: try node.int("group", default: 1))
  }

  public func attributes(opset: Int) throws -> [String: Attribute] {
    window.attributes.merging(["group": .int(groups)]) { $1 }
  }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    let operands = try (0..<2).map { try tensorType(inputs, $0, of: Self.schema) }
    for operand in operands { try checkBits(operand.dtype, in: "ConvInteger") }
    let type = try Conv(window: window, groups: groups).outputTypes(
      operands.map { .tensor(TensorType(.float64, $0.dims)) }, known: KnownValues())[0].tensor
    return [.tensor(TensorType(.int32, type?.dims))]
  }

  public func body(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let x = try tensor(inputs, 0, of: Self.schema)
    let w = try tensor(inputs, 1, of: Self.schema)
    _ = try outputTypes(inputs.map { $0?.type }, known: KnownValues())
    let image = x.centered(by: try optionalTensor(inputs, 2, of: Self.schema), as: .float64)
    let zeroPoint = try optionalTensor(inputs, 3, of: Self.schema).map { kernelColumn($0, rank: w.rank) }
    let result = try apply(Conv(window: window, groups: groups), to: image, w.centered(by: zeroPoint, as: .float64))
    return [.tensor(result.cast(to: .int32))]
  }
}

/// One number, or one for each kernel of a convolution's weight, in a shape that broadcasts to the weight's.
func kernelColumn(_ numbers: Tensor, rank: Int) -> Tensor {
  numbers.rank == 1 ? numbers.reshaped(to: [-1] + [Int](repeating: 1, count: rank - 1)) : numbers
}
