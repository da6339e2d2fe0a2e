import ThawTensor
import ThawTypes

extension Tensor {
  /// The entries of the first axis at `rows`, in that order: a view of the memory where they lie one behind the other.
  ///
  /// - Throws: `TensorError` of kind `memory` when there is no room.
  package func rows(_ rows: [Int]) throws -> Tensor {
    let rowShape = Array(shape.dropFirst())
    if dtype == .string {
      let all = try strings()
      let rowCount = rowShape.reduce(1, *)
      return try Tensor(
        strings: rows.flatMap { all[$0 * rowCount..<($0 + 1) * rowCount] }, shape: [rows.count] + rowShape)
    }
    // An inference tensor has no place in a graph of gradients; a copy does.
    if rows.areConsecutive, let first = rows.first, first >= 0, first + rows.count <= shape[0], isContiguous,
      case .memory(let storage, let offset, _) = contents, !storage.isInference, !storage.isPlanned
    {
      return Tensor(
        dtype: dtype, shape: [rows.count] + rowShape, storage: storage, offset: offset + first * rowShape.reduce(1, *))
    }
    return try contiguous().withBytes { try Tensor(rows: rows, of: $0, dtype: dtype, rowShape: rowShape) }
  }

  /// Copies rows out of row-major bytes, whatever their alignment.
  init(rows: [Int], of bytes: UnsafeRawBufferPointer, dtype: DType, rowShape: [Int]) throws {
    self = try Tensor.uninitialized([rows.count] + rowShape, dtype: dtype)
    guard case .memory(let storage, _, _) = contents else { return }
    let size = rowShape.reduce(dtype.itemSize, *)
    let copy = UnsafeMutableRawBufferPointer(start: storage.pointer, count: size * rows.count)
    for (place, row) in rows.enumerated() {
      UnsafeMutableRawBufferPointer(rebasing: copy[place * size..<(place + 1) * size])
        .copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[row * size..<(row + 1) * size]))
    }
  }
}

extension [Int] {
  /// Whether each is the one before it and one.
  var areConsecutive: Bool { zip(self, dropFirst()).allSatisfy { $1 - 1 == $0 } }
}
