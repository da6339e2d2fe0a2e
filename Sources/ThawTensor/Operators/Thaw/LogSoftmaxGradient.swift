import ThawKernels

/// The gradient of `LogSoftmax`: dy − exp(y) Σ dy, the sum along the softmax's axis.
public struct LogSoftmaxGradient: Expandable {
  public var axis: Int
  public var flattensFromAxis: Bool

  public init(axis: Int, flattensFromAxis: Bool) {
    self.axis = axis
    self.flattensFromAxis = flattensFromAxis
  }

  public static let schema = Schema(
    "LogSoftmaxGradient", domain: .thaw, versions: [1], inputs: [Input("dY"), Input("Y")], outputs: [Output("dX")],
    batch: .mixing)

  public init(_ node: NodeReader) throws {
    self.init(
      axis: try node.int("axis", default: -1), flattensFromAxis: try node.flag("flattens_from_axis", default: false))
  }

  public func attributes(opset: Int) throws -> [String: Attribute] {
    ["axis": .int(axis), "flattens_from_axis": .int(flattensFromAxis ? 1 : 0)]
  }

  private var softmaxAxis: SoftmaxAxis {
    SoftmaxAxis(name: "LogSoftmaxGradient", axis: axis, flattensFromAxis: flattensFromAxis)
  }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    [.tensor(try tensorType(inputs, 1, of: Self.schema))]
  }

  public func forward(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let gradient = try tensor(inputs, 0, of: Self.schema)
    return [.tensor(try softmaxAxis.backward(gradient, try tensor(inputs, 1, of: Self.schema), isLog: true))]
  }

  public func expansion(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let gradient = try tensor(inputs, 0, of: Self.schema)
    let y = try tensor(inputs, 1, of: Self.schema)
    let sum = gradient.sum(axes: try softmaxAxis.axes(rank: y.rank), keepDims: true)
    return [.tensor(gradient - y.exp() * sum)]
  }
}
