import ThawTensor
import ThawTypes

extension Tensor {
  /// The entries of the first axis at `rows`, in that order.
  ///
  /// - Throws: `TensorError` of kind `memory` when there is no room.
  func rows(_ rows: [Int]) throws -> Tensor {
    let rowShape = Array(shape.dropFirst())
    let rowCount = rowShape.reduce(1, *)
    if dtype == .string {
      let all = try strings()
      return try Tensor(
        strings: rows.flatMap { all[$0 * rowCount..<($0 + 1) * rowCount] }, shape: [rows.count] + rowShape)
    }
    let size = rowCount * dtype.itemSize
    return try contiguous().withBytes { bytes in
      let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: size * rows.count, alignment: 16)
      defer { copy.deallocate() }
      for (place, row) in rows.enumerated() {
        UnsafeMutableRawBufferPointer(rebasing: copy[place * size..<(place + 1) * size])
          .copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[row * size..<(row + 1) * size]))
      }
      return try Tensor(copying: UnsafeRawBufferPointer(copy), dtype: dtype, shape: [rows.count] + rowShape)
    }
  }

  /// The first element that is infinite or NaN, by its row-major index.
  ///
  /// - Parameter summing: whether to look for one only where the sum is not finite, which is quicker where none is.
  func firstNonFinite(summing: Bool = false) throws -> (index: Int, value: Double)? {
    if summing, try noGrad({ try withErrors { sum() }.item() }).isFinite { return nil }
    switch dtype {
    case .float32:
      return try contiguous().withBytes { bytes in
        let values = bytes.bindMemory(to: Float.self)
        return values.firstIndex { !$0.isFinite }.map { ($0, Double(values[$0].withPlainNaN)) }
      }
    case .float64:
      return try contiguous().withBytes { bytes in
        let values = bytes.bindMemory(to: Double.self)
        return values.firstIndex { !$0.isFinite }.map { ($0, values[$0].withPlainNaN) }
      }
    default:
      let values = try elements(as: Float.self)
      return values.firstIndex { !$0.isFinite }.map { ($0, Double(values[$0].withPlainNaN)) }
    }
  }
}
