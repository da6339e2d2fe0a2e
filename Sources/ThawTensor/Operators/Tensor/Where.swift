import ThawKernels
import ThawTypes

/// Elements of one tensor where a condition holds, of another where not (ONNX Where-9, 16).
public struct Where: Primitive {
  public init() {}
  public init(_ node: NodeReader) throws {}

  public static let schema = Schema(
    "Where", versions: [9, 16], inputs: [Input("condition", .index), Input("X"), Input("Y")],
    outputs: [Output("output")], batch: .elementwise)

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    let condition = try tensorType(inputs, 0, of: Self.schema)
    let x = try tensorType(inputs, 1, of: Self.schema)
    let y = try tensorType(inputs, 2, of: Self.schema)
    try checkDTypes(condition.dtype, x.dtype, y.dtype)
    guard let c = condition.dims, let xDims = x.dims, let yDims = y.dims else {
      return [.tensor(TensorType(x.dtype, nil))]
    }
    guard let data = Shapes.broadcast(xDims, yDims) else { throw TensorError.broadcast("Where", xDims, yDims) }
    guard let dims = Shapes.broadcast(c, data) else { throw TensorError.broadcast("Where", c, data) }
    return [.tensor(TensorType(x.dtype, dims))]
  }

  public func forward(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let condition = try tensor(inputs, 0, of: Self.schema)
    let x = try tensor(inputs, 1, of: Self.schema)
    let y = try tensor(inputs, 2, of: Self.schema)
    let type = try outputTypes(inputs.map { $0?.type }, known: KnownValues())[0].tensor
    guard let shape = type?.shape else { throw TensorError(.internal, "Where: no shape from known shapes") }
    let request = SelectRequest(
      dtype: x.dtype, shape: shape, conditionStrides: try condition.strides(broadcastTo: shape),
      trueStrides: try x.strides(broadcastTo: shape), falseStrides: try y.strides(broadcastTo: shape))
    return [.tensor(try compute(request, condition, x, y, dtype: x.dtype, shape: shape))]
  }

  private func checkDTypes(_ condition: DType, _ x: DType, _ y: DType) throws {
    guard condition == .bool else {
      throw TensorError(.dtype, "Where: the condition should be bool and is \(condition)")
    }
    guard x == y else { throw TensorError(.dtype, "Where: X is \(x) and Y is \(y): cast one with Cast (cast(to:))") }
  }

  public func saved(_ inputs: [Value?], _ outputs: [Value?], needs: InputMask) -> [Value?] { [inputs[0]] }

  public func pullback(_ gradients: [Tensor?], saved: [Value?], needs: InputMask) throws -> [Tensor?] {
    guard let gradient = gradients[0] else { return [nil, nil, nil] }
    let condition = try tensor(saved, 0, of: Self.schema)
    return [
      nil, needs[1] ? Tensor.where(condition, gradient, 0) : nil, needs[2] ? Tensor.where(condition, 0, gradient) : nil,
    ]
  }
}

extension Tensor {
  /// Elements of `x` where `condition` holds, of `y` where not; see `Where`.
  public static func `where`(_ condition: Tensor, _ x: Tensor, _ y: Tensor) -> Tensor {
    catching { try apply(Where(), to: condition, x, y) }
  }
  /// See `Where`.
  public static func `where`(_ condition: Tensor, _ x: Tensor, _ y: some ScalarOperand) -> Tensor {
    catching { try apply(Where(), to: condition, x, x.scalar(y)) }
  }
  /// See `Where`.
  public static func `where`(_ condition: Tensor, _ x: some ScalarOperand, _ y: Tensor) -> Tensor {
    catching { try apply(Where(), to: condition, y.scalar(x), y) }
  }
}
