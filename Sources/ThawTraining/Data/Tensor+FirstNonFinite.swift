import ThawTensor
import ThawTypes

extension Tensor {
  /// The first element that is infinite or NaN, by its row-major index.
  func firstNonFinite() throws -> (index: Int, value: Double)? {
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
