import ThawTypes

/// Each string with another one behind it (ONNX StringConcat-20), broadcasting.
public struct StringConcat: Primitive {
  public init() {}
  public init(_ node: NodeReader) throws {}

  public static let schema = Schema(
    "StringConcat", versions: [20], inputs: [Input("X", .index), Input("Y", .index)],
    outputs: [Output("Z", differentiable: false)], batch: .elementwise,
    differentiability: .never(because: "strings have no gradient"))

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    let x = try stringType(inputs, 0, of: Self.schema)
    let y = try stringType(inputs, 1, of: Self.schema)
    guard let xDims = x.dims, let yDims = y.dims else { return [.tensor(TensorType(.string, nil))] }
    guard let dims = Shapes.broadcast(xDims, yDims) else { throw TensorError.broadcast("StringConcat", xDims, yDims) }
    return [.tensor(TensorType(.string, dims))]
  }

  public func forward(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    guard let shape = try outputTypes(inputs.map { $0?.type }, known: KnownValues())[0].tensor?.shape else {
      throw TensorError(.internal, "StringConcat: no shape from known shapes")
    }
    let left = try tensor(inputs, 0, of: Self.schema).strings(broadcastTo: shape)
    let right = try tensor(inputs, 1, of: Self.schema).strings(broadcastTo: shape)
    return [.tensor(try Tensor(strings: zip(left, right).map(+), shape: shape))]
  }
}

/// The type of an input that should hold strings.
func stringType(_ types: [ValueType?], _ index: Int, of schema: Schema) throws -> TensorType {
  let type = try tensorType(types, index, of: schema)
  guard type.dtype == .string else {
    throw TensorError(
      .dtype,
      "\(schema.name): input \(index) (\(schema.input(at: index)?.name ?? "?")) should hold strings and is \(type)")
  }
  return type
}
