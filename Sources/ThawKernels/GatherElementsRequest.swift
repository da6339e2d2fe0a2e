import CKernels
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
    guard backend != .oneDNN, itemSize > 0, indexType == .int32 || indexType == .int64,
      let row = Row(thaw_gather_elements_row)
    else {
      throw KernelError.unsupported(
        operation: "gather of elements", detail: "items of \(itemSize) bytes by \(indexType)")
    }
    var dataStrides = contiguousStrides(dataShape)
    let elements = thaw_elements(
      item_size: Int64(itemSize), length: Int64(dataShape[axis]), axis_stride: Int64(dataStrides[axis] * itemSize),
      index_size: Int32(indexType.itemSize), reduction: 0, dtype: 0)
    dataStrides[axis] = 0
    let strides = contiguousStrides(indexShape)
    let nest = try LoopNest(
      operation: "gather of elements", shape: indexShape, strides: [dataStrides, strides, strides],
      itemSizes: [itemSize, indexType.itemSize, itemSize])
    return Kernel { operands, _ in
      withUnsafePointer(to: elements) { nest.run(row, operands, context: $0) }
    }
  }
}
