import ThawTypes

/// Products of matrices: f(alpha A B + beta bias + addend).
///
/// Operands: `[a, b, bias?, out]`, nil for no bias; `[a, b, bias?, addend, out]` with an addend.
package struct MatMulRequest: KernelRequest {
  package var dtype: DType
  package var batch: [Int]
  package var m: Int
  package var n: Int
  package var k: Int
  /// Of the batch's axes, then row and column.
  package var leftStrides: [Int]
  /// Of the batch's axes, then row and column.
  package var rightStrides: [Int]
  package var alpha: Double
  package var beta: Double
  /// Of row and column; every item of the batch gets the same bias. Nil when there is none.
  package var biasStrides: [Int]?
  /// Of the batch's axes, then row and column, where the column's is 1. Nil when contiguous.
  package var outStrides: [Int]?
  /// Whether a tensor like the output, contiguous as it is, is added. Only oneDNN does that.
  package var hasAddend = false
  /// What is computed of the sum, `relu`, `gelu` or `geluTanh`; nil for nothing. Only oneDNN does that, and gives a
  /// number where it gets NaN.
  package var activation: UnaryFunction?
  /// Whether b is what `WeightPackingRequest` made. Only oneDNN reads that.
  package var isRightPacked = false

  package init(
    dtype: DType, batch: [Int], m: Int, n: Int, k: Int, leftStrides: [Int], rightStrides: [Int], alpha: Double = 1,
    beta: Double = 0, biasStrides: [Int]? = nil, outStrides: [Int]? = nil
  ) {
    self.dtype = dtype
    self.batch = batch
    self.m = m
    self.n = n
    self.k = k
    self.leftStrides = leftStrides
    self.rightStrides = rightStrides
    self.alpha = alpha
    self.beta = beta
    self.biasStrides = biasStrides
    self.outStrides = outStrides
  }

  package func prepare(for backend: Backend) throws -> Kernel {
    if let outStrides, outStrides.last != 1 || computeType != dtype || hasAddend { throw unsupported }
    if isRightPacked, computeType != dtype { throw unsupported }
    return try prepare(for: backend) {
      guard !hasAddend, activation == nil, !isRightPacked else { throw unsupported }
      return PortableMatMul(joiningRows()).kernel()
    }
  }

  /// The same product as fewer and larger ones, where a batch of left operands lies together and shares the right one.
  package func joiningRows() -> MatMulRequest {
    var joined = self
    while let count = joined.batch.last, count == 1 || canJoin(joined) {
      joined.batch.removeLast()
      let axis = joined.batch.count
      let row = joined.leftStrides.count - 2
      if count != 1 {
        if joined.m == 1 {
          joined.leftStrides[row] = joined.leftStrides[axis]
          if let strides = joined.outStrides { joined.outStrides?[row] = strides[axis] }
        }
        joined.m *= count
      }
      joined.leftStrides.remove(at: axis)
      joined.rightStrides.remove(at: axis)
      joined.outStrides?.remove(at: axis)
    }
    return joined
  }

  private func canJoin(_ request: MatMulRequest) -> Bool {
    let axis = request.batch.count - 1
    let row = request.leftStrides.count - 2
    return request.rightStrides[axis] == 0
      && (request.m == 1 || request.leftStrides[axis] == request.m * request.leftStrides[row])
      && (request.biasStrides == nil || request.biasStrides?[0] == 0)
      && (request.m == 1 || request.outStrides.map { $0[axis] == request.m * $0[row] } ?? true)
  }

  /// The same numbers as the transposed product, so that what was a column of the output is a row; nil with a bias, which
  /// not every implementation adds to columns.
  package func transposed() -> MatMulRequest? {
    guard biasStrides == nil, !hasAddend else { return nil }
    var result = self
    (result.m, result.n) = (n, m)
    (result.leftStrides, result.rightStrides) = (rightStrides, leftStrides)
    let (row, column) = (batch.count, batch.count + 1)
    result.leftStrides.swapAt(row, column)
    result.rightStrides.swapAt(row, column)
    result.outStrides?.swapAt(row, column)
    return result
  }
}

extension MatMulRequest: ConvertibleRequest {
  var operation: String { "matrix product" }

  var operandLayouts: [OperandLayout] {
    let left = OperandLayout(dtype: dtype, shape: batch + [m, k], strides: leftStrides)
    let right = OperandLayout(dtype: dtype, shape: batch + [k, n], strides: rightStrides)
    let bias = OperandLayout(dtype: dtype, shape: [m, n], strides: biasStrides ?? [0, 0])
    let out = OperandLayout(dtype: dtype, shape: batch + [m, n], strides: outStrides, role: .output)
    let addend = OperandLayout(dtype: dtype, shape: batch + [m, n])
    return [left, right, bias] + (hasAddend ? [addend] : []) + [out]
  }

  func converted(to dtype: DType, strides: [[Int]]) -> MatMulRequest {
    var request = self
    request.dtype = dtype
    request.leftStrides = strides[0]
    request.rightStrides = strides[1]
    if biasStrides != nil { request.biasStrides = strides[2] }
    if outStrides != nil { request.outStrides = strides[3] }
    return request
  }
}
