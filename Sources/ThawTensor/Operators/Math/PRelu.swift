import ThawTypes

/// x, or slope x where x is negative; the slope broadcasts to x (ONNX PRelu-1, 6, 7, 9, 16).
public struct PRelu: Composite {
  public init() {}
  public init(_ node: NodeReader) throws {}

  public static let schema = Schema(
    "PRelu", versions: [1, 6, 7, 9, 16], inputs: [Input("X"), Input("slope", .weight)], outputs: [Output("Y")],
    batch: .elementwise)

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    let x = try tensorType(inputs, 0, of: Self.schema)
    let slope = try tensorType(inputs, 1, of: Self.schema)
    let both = try elementwiseType(.multiply, x, slope, in: "PRelu")
    if let shape = x.shape, let result = both.shape, shape != result {
      throw TensorError(.shape, "PRelu: the slope, \(slope), should broadcast to the input, \(x)")
    }
    return [.tensor(x)]
  }

  public func body(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let x = try tensor(inputs, 0, of: Self.schema)
    let slope = try tensor(inputs, 1, of: Self.schema)
    _ = try outputTypes([.tensor(x.type), .tensor(slope.type)], known: KnownValues())
    return [.tensor(.where(x .< 0, slope * x, x))]
  }
}
