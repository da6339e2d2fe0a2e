import ThawKernels
import ThawTypes

extension Tensor {
  /// These indices row-major, each known to lie in `-size ..< size`, as kernels expect them.
  ///
  /// - Throws: `TensorError` of kind `dtype` when they are neither int32 nor int64, `range` when one is outside.
  func indices(below size: Int, axis: Int, in name: String) throws -> Tensor {
    guard dtype == .int32 || dtype == .int64 else {
      throw TensorError(.dtype, "\(name): the indices should be int32 or int64 and are \(dtype)")
    }
    let row = try contiguous()
    guard count > 0 else { return row }
    try row.verify { row in
      let bounds = try row.withBytes { bytes in
        bytes.baseAddress.map { indexBounds($0, count: row.count, dtype: row.dtype) } ?? (min: 0, max: -1)
      }
      let outside = bounds.max >= size ? bounds.max : bounds.min < -size ? bounds.min : nil
      if let outside {
        throw TensorError(
          .range,
          "\(name): the index \(outside) is out of range for axis \(axis) of size \(size) (expected \(-size) to "
            + "\(size - 1))")
      }
    }
    return row
  }

  /// Zeros of this tensor's type, in a shape that is itself a tensor.
  func zeros(shape: Tensor) -> Tensor { .catching { try scalar(0).expanded(to: shape) } }
}
