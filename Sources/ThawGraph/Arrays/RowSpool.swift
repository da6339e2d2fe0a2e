import ThawONNX
import ThawTensor
import ThawTypes

/// Takes rows one batch after another and gives them back as an array: in memory while a budget allows it, beyond that
/// in a file without a name.
package struct RowSpool {
  private let type: TensorType
  private let rowShape: [Int]
  private let spool: Spool
  private var count = 0

  /// Makes an empty one.
  ///
  /// - Parameters:
  ///   - type: that of a batch; the first dimension does not matter, all others are numbers.
  ///   - rows: how many are expected.
  /// - Throws: `TensorError` of kind `type` where rows have no size.
  package init(_ type: TensorType, expecting rows: Int, _ budget: MemoryBudget) throws {
    let shape = type.dims.map { $0.dropFirst().compactMap(\.value) }
    guard let dims = type.dims, let shape, shape.count == dims.count - 1, type.dtype.bitWidth >= 8,
      type.dtype != .string, let bytes = Self.byteCount(type.dtype, [rows] + shape)
    else { throw TensorError(.dtype, "rows of \(type) have no size in bytes, and cannot be kept") }
    self.type = type
    rowShape = shape
    spool = Spool(budget, expecting: bytes)
  }

  /// How many bytes there is room for beyond memory.
  package static var freeDiskByteCount: Int { Spool.freeDiskByteCount }

  private static func byteCount(_ dtype: DType, _ shape: [Int]) -> Int? {
    shape.reduce(dtype.itemSize) { product, size in
      product.flatMap { product -> Int? in
        let (next, overflow) = product.multipliedReportingOverflow(by: size)
        return overflow ? nil : next
      }
    }
  }

  private static func withRoom<Result>(_ body: () throws(FileError) -> Result) throws -> Result {
    do { return try body() } catch { throw TensorError(.memory, "\(error)") }
  }

  /// Adds rows at the end.
  ///
  /// - Throws: `TensorError` of kind `shape` for rows of another type, `memory` when there is no room for a file.
  package mutating func append(_ rows: Tensor) throws {
    guard rows.dtype == type.dtype, rows.rank > 0, Array(rows.shape.dropFirst()) == rowShape else {
      throw TensorError(.shape, "rows of \(rows.type) are not of \(type)")
    }
    try rows.contiguous().withBytes { bytes in try Self.withRoom { () throws(FileError) in try spool.append(bytes) } }
    count += rows.shape[0]
  }

  /// The rows; nothing may be added afterwards.
  package func finish() throws -> RowArray {
    RowArray(type.dtype, [count] + rowShape, try Self.withRoom { () throws(FileError) in try spool.finish() })
  }
}
