import CKernels

/// A computation over every element of a shape, row by row; each operand steps through memory by strides of its own.
///
/// Axes are put in the order of the last operand's strides, and those that lie together in every operand are joined, so
/// that the innermost row is as long as it can be.
struct LoopNest: Sendable {
  /// Elements below which a second thread costs more than it brings.
  static let parallelThreshold = 65536
  static let grain = 16384

  let count: Int
  private(set) var shape: [Int64]
  /// In bytes; one list for each operand.
  private(set) var strides: [[Int64]]
  private let flatStrides: [Int64]

  /// - Parameter strides: in elements, for each operand; the output is the last.
  /// - Throws: `KernelError.unsupported` when more axes remain than the loops can count.
  init(operation: String, shape: [Int], strides: [[Int]], itemSizes: [Int]) throws {
    count = shape.reduce(1, *)
    let output = strides.count - 1
    let order = shape.indices.filter { shape[$0] != 1 }.sorted {
      let (a, b) = (abs(strides[output][$0]), abs(strides[output][$1]))
      return a == b ? $0 < $1 : a > b
    }
    var joinedShape: [Int64] = []
    var joined: [[Int64]] = Array(repeating: [], count: strides.count)
    for axis in order {
      let steps = strides.indices.map { Int64(strides[$0][axis]) &* Int64(itemSizes[$0]) }
      let length = Int64(shape[axis])
      if let last = joinedShape.indices.last, strides.indices.allSatisfy({ joined[$0][last] == steps[$0] &* length }) {
        joinedShape[last] *= length
        for operand in strides.indices { joined[operand][last] = steps[operand] }
      } else {
        joinedShape.append(length)
        for operand in strides.indices { joined[operand].append(steps[operand]) }
      }
    }
    guard joinedShape.count <= Int(THAW_MAXIMUM_RANK) else {
      throw KernelError.unsupported(operation: operation, detail: "\(joinedShape.count) axes that cannot be joined")
    }
    self.shape = joinedShape
    self.strides = joined
    flatStrides = joined.flatMap { $0 }
  }

  /// Runs `row` over all elements.
  func run(_ row: Row, _ operands: Operands, context: UnsafeRawPointer? = nil) {
    guard count >= Self.parallelThreshold else { return run(row, operands, context: context, 0..<count) }
    parallel(count, grain: Self.grain) { run(row, operands, context: context, $0) }
  }

  func run(_ row: Row, _ operands: Operands, context: UnsafeRawPointer?, _ range: Range<Int>) {
    guard count > 0 else { return }
    shape.withUnsafeBufferPointer { shape in
      flatStrides.withUnsafeBufferPointer { strides in
        operands.withUnsafeBytes { bases in
          var nest = thaw_nest(
            rank: Int32(shape.count), operand_count: Int32(self.strides.count), shape: shape.baseAddress,
            strides: strides.baseAddress)
          thaw_nest_run(
            &nest, bases.assumingMemoryBound(to: UnsafeMutablePointer<CChar>?.self).baseAddress,
            Int64(range.lowerBound),
            Int64(range.upperBound), row.function, context)
        }
      }
    }
  }
}

/// The inner loop of a nest, from CKernels.
struct Row: Sendable {
  let function:
    @Sendable @convention(c) (
      UnsafeRawPointer?, Int64, UnsafePointer<UnsafeMutablePointer<CChar>?>?, UnsafePointer<Int64>?
    ) -> Void

  /// Nil when there is no such loop.
  init?(_ function: thaw_row?) {
    guard let function else { return nil }
    self.function = unsafeBitCast(function, to: type(of: self.function))
  }
}

/// The strides of a contiguous arrangement, last axis fastest.
package func contiguousStrides(_ shape: [Int]) -> [Int] {
  var strides = shape
  var step = 1
  for axis in shape.indices.reversed() {
    strides[axis] = step
    step *= shape[axis]
  }
  return strides
}
