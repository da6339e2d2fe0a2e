import ThawTypes

/// Ones on a diagonal and zeros elsewhere, in the shape of a matrix (ONNX EyeLike-9, 22).
public struct EyeLike: Composite {
  /// nil for the input's type.
  public var dtype: DType?
  /// Which diagonal: above the main one when positive.
  public var diagonal: Int

  public init(dtype: DType? = nil, diagonal: Int = 0) {
    self.dtype = dtype
    self.diagonal = diagonal
  }

  public static let schema = Schema(
    "EyeLike", versions: [9, 22], inputs: [Input("input", .index)],
    outputs: [Output("output", differentiable: false)], batch: .mixing,
    differentiability: .never(because: "only the input's shape is read"))

  public init(_ node: NodeReader) throws {
    self.init(dtype: try node.dtype("dtype"), diagonal: try node.int("k", default: 0))
  }

  public func attributes(opset: Int) throws -> [String: Attribute] {
    var attributes: [String: Attribute] = ["k": .int(diagonal)]
    if let dtype { attributes["dtype"] = .int(Int(dtype.rawValue)) }
    return attributes
  }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    let input = try tensorType(inputs, 0, of: Self.schema)
    if let dims = input.dims, dims.count != 2 {
      throw TensorError(.shape, "EyeLike: the input is \(input), and should be a matrix")
    }
    return [.tensor(TensorType(dtype ?? input.dtype, input.dims))]
  }

  public func body(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let input = try tensor(inputs, 0, of: Self.schema)
    _ = try outputTypes(inputs.map { $0?.type }, known: KnownValues())
    return [.tensor((Tensor.diagonals(of: input) .== diagonal).cast(to: dtype ?? input.dtype))]
  }
}
