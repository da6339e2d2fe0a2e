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
    throw KernelError.unsupported(operation: "gather", detail: "items of \(itemSize) bytes")
  }
}
