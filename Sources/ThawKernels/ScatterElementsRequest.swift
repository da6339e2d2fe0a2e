import ThawTypes

/// Elements put one by one along an axis, onto what the output already holds. Operands: `[updates, indices, out]`.
///
/// The updates have the indices' shape. The caller has checked the indices; negative ones count from the end. Where an
/// index repeats, updates apply in order.
package struct ScatterElementsRequest: KernelRequest {
  package var reduction: ScatterReduction
  package var dtype: DType
  package var dataShape: [Int]
  /// No larger than `dataShape` along the other axes.
  package var indexShape: [Int]
  package var axis: Int
  /// `int32` or `int64`.
  package var indexType: DType

  package init(
    reduction: ScatterReduction, dtype: DType, dataShape: [Int], indexShape: [Int], axis: Int, indexType: DType
  ) {
    self.reduction = reduction
    self.dtype = dtype
    self.dataShape = dataShape
    self.indexShape = indexShape
    self.axis = axis
    self.indexType = indexType
  }

  package func prepare(for backend: Backend) throws -> Kernel {
    throw KernelError.unsupported(operation: "scatter of elements", detail: "\(dtype)")
  }
}
