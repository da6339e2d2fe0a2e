import CKernels
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
    guard backend != .oneDNN, dtype.itemSize > 0, indexType == .int32 || indexType == .int64,
      let row = Row(thaw_scatter_elements_row)
    else { throw unsupported }
    guard reduction == .none || dtype.computeType == dtype else { return try prepareConverted(for: backend) }
    let size = dtype.itemSize
    var dataStrides = contiguousStrides(dataShape)
    let elements = thaw_elements(
      item_size: Int64(size), length: Int64(dataShape[axis]), axis_stride: Int64(dataStrides[axis] * size),
      index_size: Int32(indexType.itemSize), reduction: reduction.rawValue, dtype: dtype.rawValue)
    dataStrides[axis] = 0
    let strides = contiguousStrides(indexShape)
    // Loops follow the order of their last operand: with the updates once more in that place, repeated indices apply in
    // order. One thread, because two updates may meet.
    let nest = try LoopNest(
      operation: operation, shape: indexShape, strides: [strides, strides, dataStrides, strides],
      itemSizes: [size, indexType.itemSize, size, size])
    return Kernel { operands, _ in
      withUnsafePointer(to: elements) { nest.run(row, operands + [operands[0]], context: $0, 0..<nest.count) }
    }
  }
}

extension ScatterElementsRequest: ConvertibleRequest {
  var operation: String { "scatter of elements" }

  var operandLayouts: [OperandLayout] {
    [
      OperandLayout(dtype: dtype, shape: indexShape),
      OperandLayout(dtype: indexType, shape: indexShape),
      OperandLayout(dtype: dtype, shape: dataShape, role: .update),
    ]
  }

  func converted(to dtype: DType, strides: [[Int]]) -> ScatterElementsRequest {
    var request = self
    request.dtype = dtype
    return request
  }
}
