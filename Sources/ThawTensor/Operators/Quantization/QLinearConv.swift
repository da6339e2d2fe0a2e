import ThawTypes

/// A convolution of quantized numbers, quantized again (ONNX QLinearConv-10).
///
/// The products are summed in float64, where they are exact. The weight may have a scale for each kernel.
public struct QLinearConv: Composite {
  public var window: SlidingWindow
  public var groups: Int

  public init(window: SlidingWindow = SlidingWindow(), groups: Int = 1) {
    self.window = window
    self.groups = groups
  }

  public static let schema = Schema(
    "QLinearConv", versions: [10],
    inputs: [
      Input("x", .index), Input("x_scale", .index), Input("x_zero_point", .index), Input("w", .index),
      Input("w_scale", .index), Input("w_zero_point", .index), Input("y_scale", .index), Input("y_zero_point", .index),
      Input("B", .index, optional: true),
    ], outputs: [Output("y", differentiable: false)], batch: .rowwise,
    differentiability: .never(because: "rounding changes in jumps"))

  public init(_ node: NodeReader) throws {
    self.init(window: try SlidingWindow(node), groups: try node.int("group", default: 1))
  }

  public func attributes(opset: Int) throws -> [String: Attribute] {
    window.attributes.merging(["group": .int(groups)]) { $1 }
  }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    let operands = try [0, 3].map { try tensorType(inputs, $0, of: Self.schema) }
    let dtype = try tensorType(inputs, 7, of: Self.schema).dtype
    guard dtype.quantizedRange != nil else {
      throw TensorError(.dtype, "QLinearConv: numbers are not quantized to \(dtype)")
    }
    let type = try Conv(window: window, groups: groups).outputTypes(
      operands.map { .tensor(TensorType(.float64, $0.dims)) }, known: KnownValues())[0].tensor
    return [.tensor(TensorType(dtype, type?.dims))]
  }

  public func body(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let operands = try (0..<8).map { try tensor(inputs, $0, of: Self.schema) }
    _ = try outputTypes(inputs.map { $0?.type }, known: KnownValues())
    let rank = operands[3].rank
    let image = operands[0].centered(by: operands[2], as: .float64)
    let weight = operands[3].centered(by: kernelColumn(operands[5], rank: rank), as: .float64)
    let bias = try optionalTensor(inputs, 8, of: Self.schema)?.cast(to: .float64)
    let sums = try apply(Conv(window: window, groups: groups), to: image, weight, bias)
    let weightScale = operands[4].rank == 1 ? channelColumn(operands[4], rank: rank) : operands[4]
    let scales = [operands[1], weightScale, operands[6]].map { $0.cast(to: .float64) }
    return [
      .tensor(try (sums * (scales[0] * scales[1] / scales[2])).quantized(to: operands[7].dtype, zeroPoint: operands[7]))
    ]
  }
}
