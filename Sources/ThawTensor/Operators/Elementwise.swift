import ThawKernels
import ThawTypes

/// A function of two tensors, element by element, with NumPy's broadcasting.
protocol ElementwiseBinary: Primitive {
  static var function: BinaryFunction { get }
  init()
}

extension ElementwiseBinary {
  public init(_ node: NodeReader) throws { self.init() }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    let left = try tensorType(inputs, 0, of: Self.schema)
    let right = try tensorType(inputs, 1, of: Self.schema)
    return [.tensor(try elementwiseType(Self.function, left, right, in: Self.schema.name))]
  }

  public func forward(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let left = try tensor(inputs, 0, of: Self.schema)
    let right = try tensor(inputs, 1, of: Self.schema)
    return [.tensor(try elementwise(Self.function, left, right, in: Self.schema.name))]
  }
}

/// A function of two tensors in memory, element by element, broadcast.
func elementwise(_ function: BinaryFunction, _ left: Tensor, _ right: Tensor, in name: String) throws -> Tensor {
  try checkDTypes(left.dtype, right.dtype, in: name)
  guard let shape = Shapes.broadcast(left.shape, right.shape) else {
    throw TensorError.broadcast(name, left.shape.map(Dim.known), right.shape.map(Dim.known))
  }
  let request = BinaryRequest(
    function: function, dtype: left.dtype, shape: shape, leftStrides: try left.strides(broadcastTo: shape),
    rightStrides: try right.strides(broadcastTo: shape))
  return try compute(request, left, right, dtype: function.givesBool ? .bool : left.dtype, shape: shape)
}

/// The type of a function of two tensors, element by element, broadcast.
func elementwiseType(
  _ function: BinaryFunction, _ left: TensorType, _ right: TensorType, in name: String
) throws -> TensorType {
  try checkDTypes(left.dtype, right.dtype, in: name)
  let dtype = function.givesBool ? .bool : left.dtype
  guard let leftDims = left.dims, let rightDims = right.dims else { return TensorType(dtype, nil) }
  guard let dims = Shapes.broadcast(leftDims, rightDims) else { throw TensorError.broadcast(name, leftDims, rightDims) }
  return TensorType(dtype, dims)
}

private func checkDTypes(_ left: DType, _ right: DType, in name: String) throws {
  guard left == right else {
    throw TensorError(
      .dtype,
      "\(name): the inputs are \(left) and \(right); ONNX has no promotion: cast one with Cast (cast(to:))")
  }
}

/// A function of each element of a tensor.
protocol ElementwiseUnary: Primitive {
  static var function: UnaryFunction { get }
  /// What the derivative is computed from.
  static var reads: UnaryRead { get }
  init()
  /// The gradient of the input, from that of the output and what is read (the gradient again when nothing is).
  static func pullback(_ gradient: Tensor, _ read: Tensor) -> Tensor
}

/// What the derivative of a function of each element is computed from.
enum UnaryRead { case input, output, nothing }

extension ElementwiseUnary {
  public init(_ node: NodeReader) throws { self.init() }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    let x = try tensorType(inputs, 0, of: Self.schema)
    return [.tensor(TensorType(Self.function.givesBool ? .bool : x.dtype, x.dims))]
  }

  public func forward(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let x = try tensor(inputs, 0, of: Self.schema)
    return [.tensor(try elementwise(Self.function, x))]
  }

  public func saved(_ inputs: [Value?], _ outputs: [Value?], needs: InputMask) -> [Value?] {
    switch Self.reads {
    case .input: [inputs[0]]
    case .output: [outputs[0]]
    case .nothing: []
    }
  }

  public func pullback(_ gradients: [Tensor?], saved: [Value?], needs: InputMask) throws -> [Tensor?] {
    guard let gradient = gradients[0] else { return [nil] }
    return [Self.pullback(gradient, try optionalTensor(saved, 0, of: Self.schema) ?? gradient)]
  }
}

/// A function of each element of a tensor in memory.
func elementwise(_ function: UnaryFunction, _ x: Tensor, alpha: Double = 0, beta: Double = 0) throws -> Tensor {
  let request = UnaryRequest(
    function: function, alpha: alpha, beta: beta, dtype: x.dtype, shape: x.shape,
    strides: try x.strides(broadcastTo: x.shape))
  return try compute(request, x, dtype: function.givesBool ? .bool : x.dtype, shape: x.shape)
}

extension TensorError {
  static func broadcast(_ name: String, _ left: [Dim], _ right: [Dim]) -> TensorError {
    TensorError(
      .shape,
      "\(name): the shapes [\(left.map(\.description).joined(separator: ", "))] and "
        + "[\(right.map(\.description).joined(separator: ", "))] do not broadcast: counted from the last, dimensions "
        + "must be equal or 1")
  }
}

extension Schema {
  /// The schema of an elementwise operator of two tensors.
  static func binary(
    _ name: String, versions: [Int], output: String = "C",
    differentiability: Differentiability = .differentiable
  ) -> Schema {
    Schema(
      name, versions: versions, inputs: [Input("A"), Input("B")], outputs: [Output(output)], batch: .elementwise,
      differentiability: differentiability)
  }

  /// The schema of an elementwise operator of one tensor.
  static func unary(
    _ name: String, versions: [Int], input: String = "X", output: String = "Y",
    differentiability: Differentiability = .differentiable
  ) -> Schema {
    Schema(
      name, versions: versions, inputs: [Input(input)], outputs: [Output(output)], batch: .elementwise,
      differentiability: differentiability)
  }
}

/// A Swift number that stands for a scalar tensor of the other operand's type.
public protocol ScalarOperand {
  var number: Double { get }
}

extension Int: ScalarOperand { public var number: Double { Double(self) } }
extension Float: ScalarOperand { public var number: Double { Double(self) } }
extension Double: ScalarOperand { public var number: Double { self } }

extension Tensor {
  /// A scalar of this tensor's type.
  func scalar(_ value: some ScalarOperand) throws -> Tensor {
    if let poison { throw poison }
    return try Tensor.scalar(value.number, dtype: dtype)
  }
}
