import Foundation
import Synchronization
import ThawKernels
import ThawONNX
import ThawTypes

/// By how much the numbers of two tensors differ.
public struct TensorDifference: Hashable, Sendable {
  /// How many elements there are.
  public let count: Int
  /// How many of them differ.
  public let changed: Int
  /// The largest difference of two elements; NaN where one of them is NaN, infinite where one is.
  public let maximum: Double
  /// The square root of the sum of the squared differences.
  public let l2: Double
  /// That, over the same of the first tensor's numbers: 0 where both are, infinite where only the latter is.
  public let relative: Double

  /// What is summed over a part.
  fileprivate struct Sums {
    var changed = 0
    var maximum = 0.0
    var squares = 0.0
    var norm = 0.0
    var hasNaN = false

    mutating func add(_ other: Sums) {
      changed += other.changed
      maximum = max(maximum, other.maximum)
      squares += other.squares
      norm += other.norm
      hasNaN = hasNaN || other.hasNaN
    }
  }

  fileprivate init(_ sums: Sums, count: Int) {
    self.count = count
    changed = sums.changed
    maximum = sums.hasNaN ? .nan : sums.maximum
    l2 = sums.hasNaN ? .nan : sums.squares.squareRoot()
    relative =
      sums.hasNaN ? .nan : sums.squares == 0 ? 0 : sums.norm == 0 ? .infinity : (sums.squares / sums.norm).squareRoot()
  }

  /// Compares pairs of tensors, each pair of one shape, on all cores; their elements are read from where they are.
  ///
  /// - Returns: for each pair nil where the bytes are the same, else by how much they differ; nothing is known of what
  ///   holds no plain numbers, which then counts as changed in all elements with a difference of NaN.
  static func compare(_ pairs: [(TensorData, TensorData)]) -> [TensorDifference?] {
    var parts: [(pair: Int, range: Range<Int>)] = []
    var views: [(a: NumberView, b: NumberView)?] = []
    var results: [TensorDifference?] = []
    for (index, (a, b)) in pairs.enumerated() {
      let view = NumberView(a).flatMap { a in NumberView(b).map { (a: a, b: $0) } }
      views.append(view)
      let isOther = view == nil && (a.dtype != b.dtype || !a.elements.isSame(as: b.elements))
      results.append(isOther ? TensorDifference(Sums(changed: a.count, hasNaN: true), count: a.count) : nil)
      guard view != nil else { continue }
      for start in stride(from: 0, to: a.count, by: partSize) {
        parts.append((index, start..<min(start + partSize, a.count)))
      }
    }
    let sums = Mutex([Sums](repeating: Sums(), count: parts.count))
    parallel(parts.count, grain: 1) { range in
      for index in range {
        guard let view = views[parts[index].pair] else { continue }
        let part = Self.sums(view.a, view.b, parts[index].range)
        sums.withLock { $0[index] = part }
      }
    }
    // In the order of the elements, so that the number of threads does not show.
    var totals = [Sums](repeating: Sums(), count: pairs.count)
    for (part, sum) in zip(parts, sums.withLock { $0 }) { totals[part.pair].add(sum) }
    for (index, view) in views.enumerated() {
      guard let view, totals[index].changed > 0 else { continue }
      results[index] = TensorDifference(totals[index], count: view.a.count)
    }
    return results
  }

  private static let partSize = 1 << 16

  private static func sums(_ a: NumberView, _ b: NumberView, _ range: Range<Int>) -> Sums {
    // Without a difference only the norm is of use, and only if there is one elsewhere.
    let isSame = a.isSame(as: b, in: range)
    let fast = a.withFloats(from: range.lowerBound) { x in
      b.withFloats(from: range.lowerBound) { y in isSame ? norm(x, range.count) : sums(x, y, range.count) }
    }
    if case let sums?? = fast { return sums }
    return withUnsafeTemporaryAllocation(of: Double.self, capacity: 2 * range.count) { buffer in
      let (x, y) = (
        UnsafeMutableBufferPointer(rebasing: buffer[..<range.count]),
        UnsafeMutableBufferPointer(rebasing: buffer[range.count...])
      )
      a.read(range, into: x)
      b.read(range, into: y)
      var sums = Sums()
      for index in 0..<range.count { sums.add(x[index], y[index]) }
      if isSame { (sums.changed, sums.hasNaN) = (0, false) }
      return sums
    }
  }

  private static func norm(_ x: UnsafeRawPointer, _ count: Int) -> Sums {
    var sum = SIMD8<Double>()
    var sums = Sums()
    let whole = count & ~7
    for index in stride(from: 0, to: whole, by: 8) {
      let value = SIMD8<Double>(x.loadUnaligned(fromByteOffset: index * 4, as: SIMD8<Float>.self))
      sum += value * value
    }
    sums.norm = sum.sum()
    for index in whole..<count {
      let value = Double(x.loadUnaligned(fromByteOffset: index * 4, as: Float.self))
      sums.norm += value * value
    }
    return sums
  }

  private static func sums(_ x: UnsafeRawPointer, _ y: UnsafeRawPointer, _ count: Int) -> Sums {
    var (norm, squares, maximum) = (SIMD8<Double>(), SIMD8<Double>(), SIMD8<Double>())
    var changed = SIMD8<Int64>()
    var sums = Sums()
    let whole = count & ~7
    for index in stride(from: 0, to: whole, by: 8) {
      let a = SIMD8<Double>(x.loadUnaligned(fromByteOffset: index * 4, as: SIMD8<Float>.self))
      let difference = a - SIMD8<Double>(y.loadUnaligned(fromByteOffset: index * 4, as: SIMD8<Float>.self))
      norm += a * a
      squares += difference * difference
      let magnitude = difference.replacing(with: -difference, where: difference .< 0)
      maximum = maximum.replacing(with: magnitude, where: magnitude .> maximum)
      changed.replace(with: changed &+ 1, where: difference .!= 0)
    }
    let total = squares.sum()
    guard total.isFinite else {
      // NaN and infinities are told apart one by one.
      for index in 0..<count {
        sums.add(
          Double(x.loadUnaligned(fromByteOffset: index * 4, as: Float.self)),
          Double(y.loadUnaligned(fromByteOffset: index * 4, as: Float.self)))
      }
      return sums
    }
    (sums.norm, sums.squares, sums.maximum) = (norm.sum(), total, maximum.max())
    sums.changed = Int(changed.wrappedSum())
    for index in whole..<count {
      sums.add(
        Double(x.loadUnaligned(fromByteOffset: index * 4, as: Float.self)),
        Double(y.loadUnaligned(fromByteOffset: index * 4, as: Float.self)))
    }
    return sums
  }
}

extension TensorDifference.Sums {
  fileprivate mutating func add(_ a: Double, _ b: Double) {
    norm += a * a
    // Equal infinities do not differ, and neither do two that are no numbers.
    if a == b || a.isNaN && b.isNaN { return }
    changed += 1
    let difference = abs(a - b)
    if difference.isNaN { hasNaN = true }
    maximum = max(maximum, difference)
    squares += difference * difference
  }
}

extension TensorData.Elements {
  /// Whether both are the same, byte by byte.
  func isSame(as other: TensorData.Elements) -> Bool {
    switch (self, other) {
    case (.bytes(let a), .bytes(let b)): a.hasBytes(of: b)
    case (.strings(let a), .strings(let b)): a == b
    default: false
    }
  }
}

extension ByteRegion {
  /// Whether both have the same bytes, asked of the C library, which is the fastest.
  func hasBytes(of other: ByteRegion) -> Bool {
    guard count == other.count else { return false }
    return withUnsafeBytes { a in
      other.withUnsafeBytes { b in
        guard let x = a.baseAddress, let y = b.baseAddress else { return a.isEmpty }
        return x == y || memcmp(x, y, a.count) == 0
      }
    }
  }
}
