import CKernels
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
    try prepare(for: backend, portable: portableKernel)
  }

  private func portableKernel() -> Kernel {
    let softmax = thaw_softmax(
      dtype: dtype.rawValue, is_log: isLog ? 1 : 0, length: Int64(length), inner: Int64(inner))
    let grain = max(1, Self.parallelThreshold / max(1, length * inner))
    return Kernel { [self] operands, _ in
      guard length > 0, inner > 0 else { return }
      parallel(outer, grain: grain) { range in
        let (begin, end) = (Int64(range.lowerBound), Int64(range.upperBound))
        _ = withUnsafePointer(to: softmax) {
          direction == .forward
            ? thaw_softmax_forward($0, operands[0], operands[1], begin, end)
            : thaw_softmax_backward($0, operands[0], operands[1], operands[2], begin, end)
        }
      }
    }
  }

  /// Elements that are worth a thread.
  static let parallelThreshold = 8192
}

extension SoftmaxRequest: ConvertibleRequest {
  var operation: String { isLog ? "logarithm of softmax" : "softmax" }

  var operandLayouts: [OperandLayout] {
    let shape = [outer, length, inner]
    let input = OperandLayout(dtype: dtype, shape: shape)
    let output = OperandLayout(dtype: dtype, shape: shape, role: .output)
    return direction == .forward ? [input, output] : [input, input, output]
  }

  var computeType: DType? { dtype.isFloatingPoint ? dtype.computeType : nil }

  func converted(to dtype: DType, strides: [[Int]]) -> SoftmaxRequest {
    SoftmaxRequest(isLog: isLog, direction: direction, dtype: dtype, outer: outer, length: length, inner: inner)
  }
}
