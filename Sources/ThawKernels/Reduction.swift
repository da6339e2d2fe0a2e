import CKernels
import ThawTypes

/// How a reduction is cut into pieces: by outputs when there are many, else along the reduced axes into parts whose
/// number depends on the shape alone, which are joined in order.
struct Reduction: Sendable {
  /// Elements that are worth a thread.
  private static let piece = 32768
  /// Outputs from which on there are enough of them to share out.
  private static let manyOutputs = 512

  /// Outputs that lie together are summed together; fewer would leave most of what is loaded unused.
  private static let fewestColumns = 128

  private let dtype: DType
  private let reducer: Int32
  private let finish: Int32
  private let needsMaximum: Bool
  private let keptShape: [Int64]
  private let keptStrides: [Int64]
  private let reducedShape: [Int64]
  private let reducedStrides: [Int64]
  private let outputs: Int
  private let elements: Int
  private let partLength: Int
  private var parts: Int { max(1, (elements + partLength - 1) / partLength) }

  init(_ request: ReductionRequest) throws {
    dtype = request.dtype
    let (reducer, finish) = Self.plan(request)
    self.reducer = Int32(reducer.rawValue)
    self.finish = Int32(finish.rawValue)
    needsMaximum = request.function == .logSumExp
    let size = Int64(dtype.itemSize)
    let axes = request.shape.indices.map { (Int64(request.shape[$0]), Int64(request.strides[$0]) * size) }
    let isReduced = request.shape.indices.map { request.axes.contains($0) }
    (keptShape, keptStrides) = Self.joined(zip(axes, isReduced).filter { !$1 }.map(\.0))
    // Along the way that memory lies, except where the result is a place.
    let reduced = zip(axes, isReduced).filter { $1 }.map(\.0)
    (reducedShape, reducedStrides) = Self.joined(
      reduced.count == 1 ? reduced : reduced.sorted { abs($0.1) > abs($1.1) })
    guard max(keptShape.count, reducedShape.count) <= Int(THAW_MAXIMUM_RANK) else {
      throw KernelError.unsupported(operation: "\(request.function)", detail: "\(axes.count) axes")
    }
    outputs = Int(keptShape.reduce(1, *))
    elements = Int(reducedShape.reduce(1, *))
    partLength =
      outputs < Self.manyOutputs && outputs * elements > 4 * Self.piece
      ? max(4096, Self.piece / max(1, outputs)) : max(1, elements)
  }

  func kernel() -> Kernel {
    Kernel(scratchByteCount: parts > 1 ? parts * outputs * MemoryLayout<thaw_accumulator>.stride : 0) {
      operands, scratch in
      guard outputs > 0, let output = operands[1] else { return }
      if needsMaximum {
        run(operands, scratch, reducer: Int32(THAW_MAXIMUM.rawValue), finish: Int32(THAW_STORE.rawValue), shifts: nil)
        makeFinite(output)
      }
      run(operands, scratch, reducer: reducer, finish: finish, shifts: needsMaximum ? UnsafeRawPointer(output) : nil)
    }
  }

  private var isSideBySide: Bool {
    guard let kept = keptStrides.last, let reduced = reducedStrides.last else { return false }
    return abs(kept) < abs(reduced)
  }

  private func run(
    _ operands: Operands, _ scratch: UnsafeMutableRawPointer?, reducer: Int32, finish: Int32, shifts: UnsafeRawPointer?
  ) {
    let count = Int64(elements)
    withReduction(reducer) { reduction in
      if parts > 1, let partials = scratch?.assumingMemoryBound(to: thaw_accumulator.self) {
        parallel(parts, grain: 1) { range in
          for part in range {
            let (first, last) = (part * partLength, min(elements, (part + 1) * partLength))
            _ = thaw_reduce(
              reduction, operands[0], shifts, 0, Int64(outputs), Int64(first), Int64(last), partials + part * outputs)
          }
        }
        _ = thaw_reduce_finish(
          reduction, finish, count, partials, Int64(parts), Int64(outputs), 0, Int64(outputs), shifts, operands[1])
        return
      }
      let block = 256
      let grain = max(isSideBySide ? Self.fewestColumns : 1, Self.piece / max(1, elements))
      parallel(outputs, grain: grain <= block / 2 ? grain : (grain + block - 1) / block * block) { range in
        withUnsafeTemporaryAllocation(of: thaw_accumulator.self, capacity: block) { accumulators in
          for begin in stride(from: range.lowerBound, to: range.upperBound, by: block) {
            let end = min(begin + block, range.upperBound)
            _ = thaw_reduce(
              reduction, operands[0], shifts, Int64(begin), Int64(end), 0, count, accumulators.baseAddress)
            _ = thaw_reduce_finish(
              reduction, finish, count, accumulators.baseAddress, 1, 0, Int64(begin), Int64(end), shifts, operands[1])
          }
        }
      }
    }
  }

  private func withReduction(_ reducer: Int32, _ body: (UnsafePointer<thaw_reduction>) -> Void) {
    keptShape.withUnsafeBufferPointer { keptShape in
      keptStrides.withUnsafeBufferPointer { keptStrides in
        reducedShape.withUnsafeBufferPointer { reducedShape in
          reducedStrides.withUnsafeBufferPointer { reducedStrides in
            var reduction = thaw_reduction(
              function: reducer, dtype: dtype.rawValue, kept_rank: Int32(keptShape.count),
              reduced_rank: Int32(reducedShape.count), kept_shape: keptShape.baseAddress,
              kept_strides: keptStrides.baseAddress, reduced_shape: reducedShape.baseAddress,
              reduced_strides: reducedStrides.baseAddress)
            body(&reduction)
          }
        }
      }
    }
  }

  /// A maximum that is no number to subtract shifts by nothing: the exponentials then say what the result is.
  private func makeFinite(_ maxima: UnsafeMutableRawPointer) {
    func replace<Number: BinaryFloatingPoint>(_ type: Number.Type) {
      let values = maxima.assumingMemoryBound(to: type)
      for i in 0..<outputs where !values[i].isFinite { values[i] = 0 }
    }
    dtype == .float64 ? replace(Double.self) : replace(Float.self)
  }

  private static func plan(_ request: ReductionRequest) -> (thaw_reducer, thaw_finish) {
    switch request.function {
    case .sum: (THAW_SUM, THAW_STORE)
    case .mean: (THAW_SUM, THAW_STORE_MEAN)
    case .product: (THAW_PRODUCT, THAW_STORE)
    case .maximum, .any: (THAW_MAXIMUM, THAW_STORE)
    case .minimum, .all: (THAW_MINIMUM, THAW_STORE)
    case .sumOfSquares: (THAW_SUM_OF_SQUARES, THAW_STORE)
    case .l1: (THAW_SUM_OF_MAGNITUDES, THAW_STORE)
    case .l2: (THAW_SUM_OF_SQUARES, THAW_STORE_SQUARE_ROOT)
    case .logSum: (THAW_SUM, THAW_STORE_LOGARITHM)
    case .logSumExp: (THAW_SUM_OF_EXPONENTIALS, THAW_STORE_LOGARITHM)
    case .argMaximum: (request.selectLast ? THAW_LAST_MAXIMUM : THAW_FIRST_MAXIMUM, THAW_STORE)
    case .argMinimum: (request.selectLast ? THAW_LAST_MINIMUM : THAW_FIRST_MINIMUM, THAW_STORE)
    }
  }

  /// Axes of one element dropped, those that lie together joined.
  private static func joined(_ axes: [(Int64, Int64)]) -> ([Int64], [Int64]) {
    var shape: [Int64] = []
    var strides: [Int64] = []
    for (length, stride) in axes where length != 1 {
      if let last = shape.indices.last, strides[last] == stride * length {
        shape[last] *= length
        strides[last] = stride
      } else {
        shape.append(length)
        strides.append(stride)
      }
    }
    return (shape, strides)
  }
}
