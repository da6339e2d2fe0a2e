import ThawKernels
import ThawTypes

/// α A B + β C for matrices, either of the factors transposed on request (ONNX Gemm-1, 6, 7, 9, 11, 13).
///
/// C broadcasts to the product. Versions 1 and 6 say by an attribute whether it has to; that changes no valid result.
public struct Gemm: Primitive {
  public var alpha: Float
  public var beta: Float
  public var transposesA: Bool
  public var transposesB: Bool

  public init(alpha: Float = 1, beta: Float = 1, transposesA: Bool = false, transposesB: Bool = false) {
    self.alpha = alpha
    self.beta = beta
    self.transposesA = transposesA
    self.transposesB = transposesB
  }

  public static let schema = Schema(
    "Gemm", versions: [1, 6, 7, 9, 11, 13],
    inputs: [Input("A"), Input("B", .weight), Input("C", .weight, optional: true)], batch: .mixing,
    autogradName: "Addmm")

  public init(_ node: NodeReader) throws {
    if node.version < 7 { node.ignore("broadcast") }
    self.init(
      alpha: try node.float("alpha", default: 1), beta: try node.float("beta", default: 1),
      transposesA: try node.flag("transA", default: false), transposesB: try node.flag("transB", default: false))
  }

  public func attributes(opset: Int) throws -> [String: Attribute] {
    [
      "alpha": .float(alpha), "beta": .float(beta), "transA": .int(transposesA ? 1 : 0),
      "transB": .int(transposesB ? 1 : 0),
    ]
  }

  public var minimumOpset: Int { 7 }

  /// The rows of A, and of C, stay apart.
  public func batchAxes(of batch: BatchLayout) -> [BatchAxis?] {
    let isApart = batch[2].map { batch.shape(2).count - $0 == 2 } ?? batch.isSame(2, fromEnd: 2)
    return batch[0] == (transposesA ? 1 : 0) && batch.isSame(1) && isApart ? batch.all(0) : batch.mixed
  }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    let a = try tensorType(inputs, 0, of: Self.schema)
    let b = try tensorType(inputs, 1, of: Self.schema)
    let c = try optionalTensorType(inputs, 2, of: Self.schema)
    try checkMatrixTypes(a.dtype, b.dtype, in: "Gemm")
    if let c { try checkMatrixTypes(a.dtype, c.dtype, in: "Gemm") }
    for type in [a, b] {
      guard let dims = type.dims, dims.count != 2 else { continue }
      throw TensorError(.shape, "Gemm: A and B should be matrices, and one is \(type); MatMul takes other ranks")
    }
    let left = a.dims.map { transposesA ? [$0[1], $0[0]] : $0 }
    let right = b.dims.map { transposesB ? [$0[1], $0[0]] : $0 }
    if let k = left?[1].value, let other = right?[0].value, k != other {
      throw TensorError(
        .shape,
        "Gemm: A is \(a)\(transposesA ? " transposed" : "") and B \(b)\(transposesB ? " transposed" : ""): rows "
          + "of \(k) elements do not meet columns of \(other)")
    }
    let dims = [left?[0] ?? .unknown, right?[1] ?? .unknown]
    if let c, let bias = c.dims {
      let fits = zip(bias.reversed(), dims.reversed()).allSatisfy { own, product in
        own.value == nil || own.value == 1 || product.value == nil || own.value == product.value
      }
      guard fits, bias.count <= 2 else {
        throw TensorError(
          .shape, "Gemm: C is \(c), which does not broadcast to the product's \(TensorType(a.dtype, dims))")
      }
    }
    return [.tensor(TensorType(a.dtype, dims))]
  }

  public func forward(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let a = try tensor(inputs, 0, of: Self.schema)
    let b = try tensor(inputs, 1, of: Self.schema)
    let c = try optionalTensor(inputs, 2, of: Self.schema)
    guard let shape = try outputTypes(inputs.map { $0?.type }, known: KnownValues())[0].tensor?.shape,
      let left = a.strides, let right = b.strides
    else { throw TensorError(.internal, "Gemm: no shape from known shapes") }
    if !a.dtype.isFloatingPoint, alpha != alpha.rounded() || (c != nil && beta != beta.rounded()) {
      // Whole numbers times a fraction: as float64, then truncated.
      let wide = try [a, b, c].map { try $0.map { Value.tensor(try $0.numbers(as: .float64)) } }
      return try forward(wide, wanted: wanted).map { try ($0?.tensor).map { .tensor(try $0.numbers(as: a.dtype)) } }
    }
    let request = MatMulRequest(
      dtype: a.dtype, batch: [], m: shape[0], n: shape[1], k: a.shape[transposesA ? 0 : 1],
      leftStrides: transposesA ? left.reversed() : left, rightStrides: transposesB ? right.reversed() : right,
      alpha: Double(alpha), beta: c == nil ? 0 : Double(beta), biasStrides: try c?.strides(broadcastTo: shape))
    return [.tensor(try compute(request, a, b, c, dtype: a.dtype, shape: shape))]
  }

  public func saved(_ inputs: [Value?], _ outputs: [Value?], needs: InputMask) -> [Value?] {
    [needs[1] ? inputs[0] : nil, needs[0] ? inputs[1] : nil]
  }

  public func pullback(_ gradients: [Tensor?], saved: [Value?], needs: InputMask) throws -> [Tensor?] {
    guard let gradient = gradients[0] else { return [nil, nil, nil] }
    var result: [Tensor?] = [nil, nil, nil]
    if needs[0] {
      let b = try tensor(saved, 1, of: Self.schema)
      result[0] =
        transposesA
        ? b.gemm(gradient, transposesA: transposesB, transposesB: true, alpha: alpha)
        : gradient.gemm(b, transposesB: !transposesB, alpha: alpha)
    }
    if needs[1] {
      let a = try tensor(saved, 0, of: Self.schema)
      result[1] =
        transposesB
        ? gradient.gemm(a, transposesA: true, transposesB: transposesA, alpha: alpha)
        : a.gemm(gradient, transposesA: !transposesA, alpha: alpha)
    }
    if needs[2] { result[2] = beta == 1 ? gradient : gradient * beta }
    return result
  }
}

extension Tensor {
  /// α A B + β C for matrices, A this one; see `Gemm`.
  public func gemm(
    _ b: Tensor, _ c: Tensor? = nil, transposesA: Bool = false, transposesB: Bool = false, alpha: Float = 1,
    beta: Float = 1
  ) -> Tensor {
    let operation = Gemm(alpha: alpha, beta: beta, transposesA: transposesA, transposesB: transposesB)
    return .catching { try apply(operation, to: self, b, c) }
  }
}
