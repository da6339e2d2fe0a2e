import ThawTypes

/// Softmax or its logarithm along the middle axis of (outer, length, inner), or the gradient.
///
/// Operands: forward `[x, y]`; backward `[dy, y, dx]`.
package struct SoftmaxRequest: KernelRequest {
  package var isLog: Bool
  package var direction: PassDirection
  package var dtype: DType
  package var outer: Int
  package var length: Int
  package var inner: Int

  package init(isLog: Bool, direction: PassDirection, dtype: DType, outer: Int, length: Int, inner: Int) {
    self.isLog = isLog
    self.direction = direction
    self.dtype = dtype
    self.outer = outer
    self.length = length
    self.inner = inner
  }

  package func prepare(for backend: Backend) throws -> Kernel {
    throw KernelError.unsupported(operation: "softmax", detail: "\(dtype)")
  }
}
