import ThawKernels

/// The gradient of `Softmax`: y (dy − Σ dy y), the sum along the softmax's axis.
public struct SoftmaxGradient: Expandable {
  public var axis: Int
  public var flattensFromAxis: Bool

  public init(axis: Int, flattensFromAxis: Bool) {
    self.axis = axis
    self.flattensFromAxis = flattensFromAxis
  }

  public static let schema = Schema(
    "SoftmaxGradient", domain: .thaw, versions: [1], inputs: [Input("dY"), Input("Y")], outputs: [Output("dX")],
    batch: .mixing)

  public init(_ node: NodeReader) throws {
    self.init(
      axis: try node.int("axis", default: -1), flattensFromAxis: try node.flag("flattens_from_axis", default: false))
  }

  public func attributes(opset: Int) throws -> [String: Attribute] {
    ["axis": .int(axis), "flattens_from_axis": .int(flattensFromAxis ? 1 : 0)]
  }

  private var softmaxAxis: SoftmaxAxis {
    SoftmaxAxis(name: "SoftmaxGradient", axis: axis, flattensFromAxis: flattensFromAxis)
  }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    [.tensor(try tensorType(inputs, 1, of: Self.schema))]
  }

  public func forward(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let gradient = try tensor(inputs, 0, of: Self.schema)
    return [.tensor(try softmaxAxis.backward(gradient, try tensor(inputs, 1, of: Self.schema), isLog: false))]
  }

  public func expansion(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let gradient = try tensor(inputs, 0, of: Self.schema)
    let y = try tensor(inputs, 1, of: Self.schema)
    let product = gradient * y
    return [.tensor(product - y * product.sum(axes: try softmaxAxis.axes(rank: y.rank), keepDims: true))]
  }
}
