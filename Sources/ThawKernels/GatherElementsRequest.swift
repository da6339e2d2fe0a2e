import ThawTypes

/// Elements picked one by one along an axis. Operands: `[data, indices, out]`.
///
/// The output has the indices' shape. The caller has checked the indices; negative ones count from the end.
package struct GatherElementsRequest: KernelRequest {
  package var itemSize: Int
  package var dataShape: [Int]
  /// No larger than `dataShape` along the other axes.
  package var indexShape: [Int]
  package var axis: Int
  /// `int32` or `int64`.
  package var indexType: DType

  package init(itemSize: Int, dataShape: [Int], indexShape: [Int], axis: Int, indexType: DType) {
    self.itemSize = itemSize
    self.dataShape = dataShape
    self.indexShape = indexShape
    self.axis = axis
    self.indexType = indexType
  }

  package func prepare(for backend: Backend) throws -> Kernel {
    throw KernelError.unsupported(operation: "gather of elements", detail: "items of \(itemSize) bytes")
  }
}
