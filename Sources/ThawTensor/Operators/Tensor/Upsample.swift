import ThawTypes

/// A tensor made larger along its axes (ONNX Upsample-1, 7, 9; since 10 it is `Resize`).
public struct Upsample: Composite {
  public var mode: Interpolation.Mode

  public init(mode: Interpolation.Mode = .nearest) { self.mode = mode }

  public static let schema = Schema(
    "Upsample", versions: [1, 7, 9, 10], inputs: [Input("X"), Input("scales", .index, value: true)], batch: .mixing)

  public init(_ node: NodeReader) throws {
    mode = try Resizing(node).interpolation.mode
    guard node.version < 9 else { return }
    let factors =
      node.version < 7
      ? [1, 1] + (try ["height_scale", "width_scale"].map { try node.required($0, try node.float($0)) })
      : try node.required("scales", try node.floats("scales"))
    node.supply(try Tensor(copying: factors, shape: nil), asInput: 1)
  }

  public func attributes(opset: Int) throws -> [String: Attribute] {
    guard opset < 10 else {
      throw TensorError(.unsupported, "Upsample ends with opset 9, and opset \(opset) writes it as Resize")
    }
    return ["mode": .text(mode.rawValue)]
  }

  public var minimumOpset: Int { 9 }

  private var resize: Resize {
    Resize(Resizing(Interpolation(mode: mode, coordinates: .asymmetric, rounding: .floor)))
  }

  public func batchAxes(of batch: BatchLayout) -> [BatchAxis?] {
    guard let scales = try? batch.input(1)?.value?.elements(as: Double.self) else { return batch.mixed }
    return batch.kept(apartFrom: scales.indices.filter { scales[$0] != 1 })
  }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    let scales = try tensorType(inputs, 1, of: Self.schema)
    return try resize.outputTypes(
      [.tensor(try tensorType(inputs, 0, of: Self.schema)), nil, .tensor(scales)],
      known: KnownValues([nil, nil, known[1]]))
  }

  public func body(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let scales = try tensor(inputs, 1, of: Self.schema)
    return [.tensor(try apply(resize, to: try tensor(inputs, 0, of: Self.schema), nil, scales))]
  }
}

extension Upsample: Superseded {
  package var isSuperseded: Bool { true }
  package func successor(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] { try body(inputs, wanted: wanted) }
}
