import CKernels
import ThawTypes

/// Slices of (outer, length, inner) picked along the middle axis. Operands: `[data, indices, out]`.
///
/// The output is (outer, indexCount, inner). The caller has checked the indices; negative ones count from the end.
package struct GatherRequest: KernelRequest {
  package var itemSize: Int
  package var outer: Int
  package var length: Int
  package var inner: Int
  package var indexCount: Int
  /// `int32` or `int64`.
  package var indexType: DType

  package init(itemSize: Int, outer: Int, length: Int, inner: Int, indexCount: Int, indexType: DType) {
    self.itemSize = itemSize
    self.outer = outer
    self.length = length
    self.inner = inner
    self.indexCount = indexCount
    self.indexType = indexType
  }

  package func prepare(for backend: Backend) throws -> Kernel {
    guard backend != .oneDNN, itemSize > 0, indexType == .int32 || indexType == .int64 else {
      throw KernelError.unsupported(operation: "gather", detail: "items of \(itemSize) bytes by \(indexType)")
    }
    let slices = thaw_slices(
      item_size: Int64(itemSize), length: Int64(length), inner: Int64(inner), index_count: Int64(indexCount),
      index_size: Int32(indexType.itemSize), reduction: 0, dtype: 0)
    let grain = max(1, LoopNest.parallelThreshold / max(1, indexCount * inner))
    return Kernel { [outer] operands, _ in
      parallel(outer, grain: grain) { range in
        withUnsafePointer(to: slices) {
          thaw_gather($0, operands[0], operands[1], operands[2], Int64(range.lowerBound), Int64(range.upperBound))
        }
      }
    }
  }
}
