import CKernels

/// A copy in which the input is contiguous along another axis than the output: done in tiles of both.
struct Transposition: Sendable {
  /// Rows of the output that are one piece of work.
  private static let band = 64

  private let itemSize: Int
  private let rows: Int
  private let columns: Int
  private let inputStride: Int64
  private let outputStride: Int64
  private let outerShape: [Int]
  private let outerInput: [Int]
  private let outerOutput: [Int]
  private let rowInput: Int
  private let rowOutput: Int

  /// Nil when the copy is no such one, or too small to gain by it.
  init?(_ nest: LoopNest, itemSize: Int) {
    let size = Int64(itemSize)
    guard [1, 2, 4, 8, 16].contains(itemSize), let last = nest.shape.indices.last, nest.strides[1][last] == size,
      nest.strides[0][last] != size, let row = nest.shape.indices.first(where: { nest.strides[0][$0] == size }),
      nest.shape[row] >= 8, nest.shape[last] >= 8
    else { return nil }
    self.itemSize = itemSize
    rows = Int(nest.shape[row])
    columns = Int(nest.shape[last])
    inputStride = nest.strides[0][last] / size
    outputStride = nest.strides[1][row] / size
    rowInput = itemSize
    rowOutput = Int(nest.strides[1][row])
    let outer = nest.shape.indices.filter { $0 != row && $0 != last }
    outerShape = outer.map { Int(nest.shape[$0]) }
    outerInput = outer.map { Int(nest.strides[0][$0]) }
    outerOutput = outer.map { Int(nest.strides[1][$0]) }
  }

  func run(_ operands: Operands) {
    guard let input = operands[0], let output = operands[1] else { return }
    let bands = (rows + Self.band - 1) / Self.band
    let grain = max(1, LoopNest.grain / (Self.band * columns))
    parallel(outerShape.reduce(bands, *), grain: grain) { range in
      for unit in range {
        var (from, to) = (input, output)
        var rest = unit / bands
        for axis in outerShape.indices.reversed() {
          from += rest % outerShape[axis] * outerInput[axis]
          to += rest % outerShape[axis] * outerOutput[axis]
          rest /= outerShape[axis]
        }
        let first = unit % bands * Self.band
        _ = thaw_transpose(
          Int64(itemSize), Int64(min(Self.band, rows - first)), Int64(columns), from + first * rowInput, inputStride,
          to + first * rowOutput, outputStride)
      }
    }
  }
}
