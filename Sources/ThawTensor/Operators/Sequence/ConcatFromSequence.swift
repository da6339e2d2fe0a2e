import ThawTypes

/// The tensors of a sequence one after the other along an axis, or stacked along a new one (ONNX ConcatFromSequence-11).
public struct ConcatFromSequence: Composite {
  public var axis: Int
  public var isNewAxis: Bool

  public init(axis: Int, isNewAxis: Bool = false) {
    self.axis = axis
    self.isNewAxis = isNewAxis
  }

  public static let schema = Schema(
    "ConcatFromSequence", versions: [11], inputs: [Input("input_sequence")], outputs: [Output("concat_result")],
    batch: .mixing)

  public init(_ node: NodeReader) throws {
    self.init(
      axis: try node.required("axis", try node.int("axis")), isNewAxis: try node.flag("new_axis", default: false))
  }

  public func attributes(opset: Int) throws -> [String: Attribute] {
    ["axis": .int(axis), "new_axis": .int(isNewAxis ? 1 : 0)]
  }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    guard case .tensor(let type) = try elementType(inputs, 0, of: Self.schema) else { throw Self.notTensors }
    guard var dims = type.dims else { return [.tensor(type)] }
    if isNewAxis {
      dims.insert(.unknown, at: try Shapes.normalize(axis: axis, rank: dims.count + 1, in: Self.schema.name))
    } else {
      dims[try Shapes.normalize(axis: axis, rank: dims.count, in: Self.schema.name)] = .unknown
    }
    return [.tensor(TensorType(type.dtype, dims))]
  }

  public func body(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let tensors = try sequence(inputs, 0, of: Self.schema).elements.map { element -> Tensor in
      guard case .tensor(let tensor) = element else { throw Self.notTensors }
      return tensor
    }
    guard !tensors.isEmpty else { throw TensorError(.operand, "ConcatFromSequence: the sequence has no elements") }
    guard isNewAxis else { return [.tensor(.concat(tensors, axis: axis))] }
    return [.tensor(.concat(tensors.map { $0.unsqueezed(axes: [axis]) }, axis: axis))]
  }

  private static var notTensors: TensorError {
    TensorError(.operand, "ConcatFromSequence: the elements of the sequence should be tensors")
  }
}
