import ThawTypes

/// A copy of a tensor with elements put in along an axis (ONNX Scatter-9; since 11 it is `ScatterElements`).
public struct Scatter: Composite {
  public var axis: Int

  public init(axis: Int = 0) { self.axis = axis }

  public static let schema = Schema(
    "Scatter", versions: [9, 11], inputs: [Input("data"), Input("indices", .index), Input("updates")],
    outputs: [Output("output")], batch: .mixing)

  public init(_ node: NodeReader) throws { self.init(axis: try node.int("axis", default: 0)) }

  public func attributes(opset: Int) throws -> [String: Attribute] {
    guard opset < 11 else {
      throw TensorError(.unsupported, "Scatter ends with opset 10, and opset \(opset) writes it as ScatterElements")
    }
    return ["axis": .int(axis)]
  }

  public var minimumOpset: Int { 9 }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    try ScatterElements(axis: axis).outputTypes(inputs, known: known)
  }

  public func body(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    try apply(ScatterElements(axis: axis), to: inputs, wanted: wanted)
  }
}

extension Scatter: Superseded {
  package var isSuperseded: Bool { true }
  package func successor(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] { try body(inputs, wanted: wanted) }
}
