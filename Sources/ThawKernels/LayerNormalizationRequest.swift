import CKernels
import ThawTypes

/// Normalization of each row, or its gradients.
///
/// Operands: forward `[x, scale, bias?, y, mean?, inverseStandardDeviation?]`; backward
/// `[dy, x, scale, mean, inverseStandardDeviation, dx?, dscale?, dbias?]`; nil for what is absent.
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
    try prepare(for: backend, portable: portableKernel)
  }

  private func portableKernel() -> Kernel {
    let request = thaw_layer_normalization(
      dtype: dtype.rawValue, rows: Int64(rows), columns: Int64(columns), epsilon: epsilon)
    let grain = max(1, Self.parallelThreshold / max(1, columns))
    if direction == .forward {
      return Kernel { [rows] operands, _ in
        parallel(rows, grain: grain) { range in
          _ = withUnsafePointer(to: request) {
            thaw_normalize_layer($0, 0, operands, Int64(range.lowerBound), Int64(range.upperBound))
          }
        }
      }
    }
    let parts = min(Self.sumParts, max(1, rows))
    return Kernel(scratchByteCount: parts * 2 * columns * 8) { [self] operands, scratch in
      if operands[5] != nil {
        parallel(rows, grain: grain) { range in
          _ = withUnsafePointer(to: request) {
            thaw_normalize_layer($0, 1, operands, Int64(range.lowerBound), Int64(range.upperBound))
          }
        }
      }
      if operands[6] != nil || operands[7] != nil, let scratch {
        sum(request, parts, operands, scratch.assumingMemoryBound(to: Double.self))
      }
    }
  }

  /// The gradients by scale and bias: rows in parts, whose sums are joined in order.
  private func sum(
    _ request: thaw_layer_normalization, _ parts: Int, _ operands: Operands, _ sums: UnsafeMutablePointer<Double>
  ) {
    parallel(parts, grain: rows * columns < Self.parallelThreshold ? parts : 1) { range in
      for part in range {
        _ = withUnsafePointer(to: request) {
          thaw_normalize_layer_sums(
            $0, operands, Int64(part * rows / parts), Int64((part + 1) * rows / parts), sums + part * 2 * columns)
        }
      }
    }
    for column in 0..<2 * columns {
      for part in 1..<max(1, parts) { sums[column] += sums[part * 2 * columns + column] }
    }
    for (output, first) in [(operands[6], 0), (operands[7], columns)] {
      guard let output else { continue }
      for column in 0..<columns {
        if dtype == .float64 {
          output.assumingMemoryBound(to: Double.self)[column] = sums[first + column]
        } else {
          output.assumingMemoryBound(to: Float.self)[column] = Float(sums[first + column])
        }
      }
    }
  }

  /// Elements that are worth a thread.
  private static let parallelThreshold = 16384
  /// Fixed, so that sums do not depend on the number of threads.
  private static let sumParts = 16
}

extension LayerNormalizationRequest: ConvertibleRequest {
  var operation: String { "layer normalization (\(direction))" }

  var operandLayouts: [OperandLayout] {
    let data = OperandLayout(dtype: dtype, shape: [rows, columns])
    let column = OperandLayout(dtype: dtype, shape: [columns])
    let row = OperandLayout(dtype: dtype, shape: [rows])
    func output(_ layout: OperandLayout) -> OperandLayout {
      var layout = layout
      layout.role = .output
      return layout
    }
    return direction == .forward
      ? [data, column, column, output(data), output(row), output(row)]
      : [data, data, column, row, row, output(data), output(column), output(column)]
  }

  var computeType: DType? { dtype.isFloatingPoint ? dtype.computeType : nil }

  func converted(to dtype: DType, strides: [[Int]]) -> LayerNormalizationRequest {
    var request = self
    request.dtype = dtype
    return request
  }
}
