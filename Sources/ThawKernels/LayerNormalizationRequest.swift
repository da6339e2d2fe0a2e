import ThawTypes

/// Normalization of each row, or its gradients.
///
/// Operands: forward `[x, scale, bias?, y, mean?, inverseStandardDeviation?]`; backward
/// `[dy, x, scale, mean, inverseStandardDeviation, dx?, dscale?, dbias?]`.
package struct LayerNormalizationRequest: KernelRequest {
  package var direction: PassDirection
  package var dtype: DType
  package var rows: Int
  package var columns: Int
  package var epsilon: Double
  package var hasBias: Bool

  package init(direction: PassDirection, dtype: DType, rows: Int, columns: Int, epsilon: Double, hasBias: Bool) {
    self.direction = direction
    self.dtype = dtype
    self.rows = rows
    self.columns = columns
    self.epsilon = epsilon
    self.hasBias = hasBias
  }

  package func prepare(for backend: Backend) throws -> Kernel {
    throw KernelError.unsupported(operation: "layer normalization", detail: "\(dtype)")
  }
}
