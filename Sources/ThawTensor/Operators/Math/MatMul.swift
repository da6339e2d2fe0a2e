import ThawKernels
import ThawTypes

/// Products of matrices, as NumPy's `matmul` has them (ONNX MatMul-1, 9, 13).
///
/// The last two axes are the matrices, the ones before broadcast. A vector on the left counts as a row, on the right as
/// a column, and that axis is gone from the result.
public struct MatMul: Primitive {
  public init() {}
  public init(_ node: NodeReader) throws {}

  public static let schema = Schema(
    "MatMul", versions: [1, 9, 13], inputs: [Input("A"), Input("B", .weight)], batch: .mixing, autogradName: "Mm")

  public func batchAxes(of batch: BatchLayout) -> [BatchAxis?] { batch.product(0, 1) }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    let a = try tensorType(inputs, 0, of: Self.schema)
    let b = try tensorType(inputs, 1, of: Self.schema)
    try checkMatrixTypes(a.dtype, b.dtype, in: "MatMul")
    guard let left = a.dims, let right = b.dims else { return [.tensor(TensorType(a.dtype, nil))] }
    guard let (rows, inner) = split(left, vectorIsRow: true),
      let (otherInner, columns) = split(right, vectorIsRow: false)
    else {
      throw TensorError(.shape, "MatMul: the inputs are \(a) and \(b), and a product needs at least one axis of each")
    }
    if let k = inner.value, let other = otherInner.value, k != other {
      throw TensorError(
        .shape, "MatMul: the inputs are \(a) and \(b): rows of \(k) elements do not meet columns of \(other)")
    }
    guard let batch = Shapes.broadcast(Array(left.dropLast(2)), Array(right.dropLast(2))) else {
      throw TensorError.broadcast("MatMul, before the matrices", Array(left.dropLast(2)), Array(right.dropLast(2)))
    }
    return [
      .tensor(TensorType(a.dtype, batch + (left.count == 1 ? [] : [rows]) + (right.count == 1 ? [] : [columns])))
    ]
  }

  /// Rows and columns of the matrices, or of the one that a vector counts as; nil for a scalar.
  private func split<D: ExpressibleByIntegerLiteral>(_ dims: [D], vectorIsRow: Bool) -> (D, D)? {
    switch dims.count {
    case 0: nil
    case 1: vectorIsRow ? (1, dims[0]) : (dims[0], 1)
    default: (dims[dims.count - 2], dims[dims.count - 1])
    }
  }

  public func forward(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let a = try tensor(inputs, 0, of: Self.schema)
    let b = try tensor(inputs, 1, of: Self.schema)
    guard let shape = try outputTypes(inputs.map { $0?.type }, known: KnownValues())[0].tensor?.shape,
      let (m, k) = split(a.shape, vectorIsRow: true), let (_, n) = split(b.shape, vectorIsRow: false)
    else { throw TensorError(.internal, "MatMul: no shape from known shapes") }
    let batch = Array(shape.dropLast((a.rank == 1 ? 0 : 1) + (b.rank == 1 ? 0 : 1)))
    let left = try a.rank == 1 ? a.view(shape: [1, k], strides: [0] + (a.strides ?? [])) : a
    let right = try b.rank == 1 ? b.view(shape: [k, 1], strides: (b.strides ?? []) + [0]) : b
    let request = MatMulRequest(
      dtype: a.dtype, batch: batch, m: m, n: n, k: k, leftStrides: try left.strides(broadcastTo: batch + [m, k]),
      rightStrides: try right.strides(broadcastTo: batch + [k, n]))
    return [.tensor(try compute(request, left, right, nil, dtype: a.dtype, shape: shape))]
  }

  /// Of B, beside a batch of A, the rank decides whether its gradient can be one product instead of a batch's sum.
  public func saved(_ inputs: [Value?], _ outputs: [Value?], needs: InputMask) -> [Value?] {
    let isBatch = (inputs[0]?.tensor?.rank ?? 0) > 2
    return [
      needs[1] ? inputs[0] : nil, needs[0] ? inputs[1] : nil,
      needs[1] && isBatch ? (inputs[1]?.tensor?.shapeTensor()).map(Value.tensor) : nil,
    ]
  }

  /// dA = dY Bᵀ and dB = Aᵀ dY. A factor is a vector exactly when the product has a lower rank than the other factor.
  public func pullback(_ gradients: [Tensor?], saved: [Value?], needs: InputMask) throws -> [Tensor?] {
    guard let gradient = gradients[0] else { return [nil, nil] }
    var result: [Tensor?] = [nil, nil]
    if needs[0] {
      let b = try tensor(saved, 1, of: Self.schema)
      let (isVector, otherIsVector) = (gradient.rank < b.rank, b.rank == 1)
      let product = matrices(gradient, isVector, otherIsVector)
        .matmul(otherIsVector ? b.unsqueezed(axes: [0]) : b.matricesTransposed())
      result[0] = isVector ? product.squeezed(axes: [-2]) : product
    }
    if needs[1] {
      let a = try tensor(saved, 0, of: Self.schema)
      let (isVector, otherIsVector) = (gradient.rank < a.rank, a.rank == 1)
      if try optionalTensor(saved, 2, of: Self.schema)?.count == 2 {
        let rows = (a.rows(), gradient.rows())
        result[1] = rows.0.gemm(rows.1, transposesA: true)
      } else {
        let product = (otherIsVector ? a.unsqueezed(axes: [1]) : a.matricesTransposed())
          .matmul(matrices(gradient, otherIsVector, isVector))
        result[1] = isVector ? product.squeezed(axes: [-1]) : product
      }
    }
    return result
  }

  /// The gradient with the axes that vectors left out.
  private func matrices(_ gradient: Tensor, _ leftIsVector: Bool, _ rightIsVector: Bool) -> Tensor {
    let axes = (leftIsVector ? [-2] : []) + (rightIsVector ? [-1] : [])
    return axes.isEmpty ? gradient : gradient.unsqueezed(axes: axes)
  }
}

/// Checks that two matrices have one type, which has sums and products.
func checkMatrixTypes(_ left: DType, _ right: DType, in name: String) throws {
  guard left == right else {
    throw TensorError(
      .dtype, "\(name): the inputs are \(left) and \(right); ONNX has no promotion: cast one with Cast (cast(to:))")
  }
  guard left.isFloatingPoint || left.isInteger else {
    throw TensorError(.dtype, "\(name): the inputs are \(left), and only numbers are multiplied")
  }
}

extension Tensor {
  /// The product of matrices; see `MatMul`.
  public func matmul(_ other: Tensor) -> Tensor { .catching { try apply(MatMul(), to: self, other) } }

  /// This tensor of rank 2 or more with its last two axes exchanged.
  func matricesTransposed() -> Tensor {
    transposed(Array(0..<Swift.max(0, rank - 2)) + [rank - 1, rank - 2])
  }

  /// All axes but the last as one.
  fileprivate func rows() -> Tensor {
    .catching { try apply(Reshape(), to: self, Tensor([-1, shape.last ?? 1])) }
  }
}
