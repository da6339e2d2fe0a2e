import ThawTypes

/// Products of matrices: alpha A B + beta bias. Operands: `[a, b, bias?, out]`.
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

  package init(
    dtype: DType, batch: [Int], m: Int, n: Int, k: Int, leftStrides: [Int], rightStrides: [Int], alpha: Double = 1,
    beta: Double = 0, biasStrides: [Int]? = nil
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
  }

  package func prepare(for backend: Backend) throws -> Kernel {
    throw KernelError.unsupported(operation: "matrix product", detail: "\(dtype)")
  }
}
