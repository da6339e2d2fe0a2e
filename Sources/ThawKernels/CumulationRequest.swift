import CKernels
import ThawTypes

/// Running sums or products along the middle axis of (outer, length, inner). Operands: `[x, y]`.
package struct CumulationRequest: KernelRequest {
  package var isProduct: Bool
  /// Whether an element stands for what comes before it, without itself.
  package var exclusive: Bool
  /// Whether the last element comes first.
  package var reverse: Bool
  package var dtype: DType
  package var outer: Int
  package var length: Int
  package var inner: Int

  package init(
    isProduct: Bool, exclusive: Bool, reverse: Bool, dtype: DType, outer: Int, length: Int, inner: Int
  ) {
    self.isProduct = isProduct
    self.exclusive = exclusive
    self.reverse = reverse
    self.dtype = dtype
    self.outer = outer
    self.length = length
    self.inner = inner
  }

  package func prepare(for backend: Backend) throws -> Kernel {
    guard backend != .oneDNN else { throw unsupported }
    guard dtype.computeType == dtype else { return try prepareConverted(for: backend) }
    let cumulation = thaw_cumulation(
      dtype: dtype.rawValue, is_product: isProduct ? 1 : 0, exclusive: exclusive ? 1 : 0, reverse: reverse ? 1 : 0,
      length: Int64(length), inner: Int64(inner))
    let grain = max(1, LoopNest.parallelThreshold / max(1, length * inner))
    return Kernel { [outer] operands, _ in
      parallel(outer, grain: grain) { range in
        _ = withUnsafePointer(to: cumulation) {
          thaw_cumulate($0, operands[0], operands[1], Int64(range.lowerBound), Int64(range.upperBound))
        }
      }
    }
  }
}

extension CumulationRequest: ConvertibleRequest {
  var operation: String { isProduct ? "running product" : "running sum" }

  var operandLayouts: [OperandLayout] {
    let shape = [outer, length, inner]
    return [OperandLayout(dtype: dtype, shape: shape), OperandLayout(dtype: dtype, shape: shape, role: .output)]
  }

  func converted(to dtype: DType, strides: [[Int]]) -> CumulationRequest {
    var request = self
    request.dtype = dtype
    return request
  }
}
