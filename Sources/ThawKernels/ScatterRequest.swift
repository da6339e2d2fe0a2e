import CKernels
import ThawTypes

/// How a scattered element meets the one that is there.
package enum ScatterReduction: Int32, Hashable, Sendable, CaseIterable {
  case none, add, multiply, maximum, minimum
}

/// Slices put along the middle axis of (outer, length, inner), onto what the output already holds.
///
/// Operands: `[updates (outer, indexCount, inner), indices, out]`. The caller has checked the indices; negative ones
/// count from the end. Where an index repeats, updates apply in order.
package struct ScatterRequest: KernelRequest {
  package var reduction: ScatterReduction
  package var dtype: DType
  package var outer: Int
  package var length: Int
  package var inner: Int
  package var indexCount: Int
  /// `int32` or `int64`.
  package var indexType: DType

  package init(
    reduction: ScatterReduction, dtype: DType, outer: Int, length: Int, inner: Int, indexCount: Int, indexType: DType
  ) {
    self.reduction = reduction
    self.dtype = dtype
    self.outer = outer
    self.length = length
    self.inner = inner
    self.indexCount = indexCount
    self.indexType = indexType
  }

  package func prepare(for backend: Backend) throws -> Kernel {
    guard backend != .oneDNN, dtype.itemSize > 0, indexType == .int32 || indexType == .int64 else { throw unsupported }
    guard reduction == .none || dtype.computeType == dtype else { return try prepareConverted(for: backend) }
    let slices = thaw_slices(
      item_size: Int64(dtype.itemSize), length: Int64(length), inner: Int64(inner), index_count: Int64(indexCount),
      index_size: Int32(indexType.itemSize), reduction: reduction.rawValue, dtype: dtype.rawValue)
    let grain = max(1, LoopNest.parallelThreshold / max(1, indexCount * inner))
    return Kernel { [outer] operands, _ in
      parallel(outer, grain: grain) { range in
        _ = withUnsafePointer(to: slices) {
          thaw_scatter($0, operands[0], operands[1], operands[2], Int64(range.lowerBound), Int64(range.upperBound))
        }
      }
    }
  }
}

extension ScatterRequest: ConvertibleRequest {
  var operation: String { "scatter" }

  var operandLayouts: [OperandLayout] {
    [
      OperandLayout(dtype: dtype, shape: [outer, indexCount, inner]),
      OperandLayout(dtype: indexType, shape: [indexCount]),
      OperandLayout(dtype: dtype, shape: [outer, length, inner], role: .update),
    ]
  }

  func converted(to dtype: DType, strides: [[Int]]) -> ScatterRequest {
    var request = self
    request.dtype = dtype
    return request
  }
}
