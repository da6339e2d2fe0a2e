import CKernels
import ThawTypes

/// The least and the greatest of `count` indices, for callers to check them by; (0, -1) when there are none.
///
/// - Parameter dtype: `int32` or `int64`.
package func indexBounds(_ pointer: UnsafeRawPointer, count: Int, dtype: DType) -> (min: Int64, max: Int64) {
  guard count > 0 else { return (0, -1) }
  var bounds: (min: Int64, max: Int64) = (0, 0)
  thaw_index_bounds(pointer, Int64(count), dtype.rawValue, &bounds.min, &bounds.max)
  return bounds
}
