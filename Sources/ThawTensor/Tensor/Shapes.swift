/// The arithmetic of shapes that operators share.
package enum Shapes {
  /// The shape that two shapes broadcast to (ONNX's multidirectional broadcasting, NumPy's rule), nil when they do not.
  package static func broadcast(_ left: [Int], _ right: [Int]) -> [Int]? {
    if left == right { return left }
    var result = [Int](repeating: 1, count: max(left.count, right.count))
    for axis in result.indices {
      let (i, j) = (axis - result.count + left.count, axis - result.count + right.count)
      let (a, b) = (i < 0 ? 1 : left[i], j < 0 ? 1 : right[j])
      guard a == b || a == 1 || b == 1 else { return nil }
      result[axis] = a == 1 ? b : a
    }
    return result
  }

  /// The same for dimensions that may be unknown.
  package static func broadcast(_ left: [Dim], _ right: [Dim]) -> [Dim]? {
    var result = [Dim](repeating: .known(1), count: max(left.count, right.count))
    for axis in result.indices {
      let (i, j) = (axis - result.count + left.count, axis - result.count + right.count)
      let (a, b) = (i < 0 ? .known(1) : left[i], j < 0 ? .known(1) : right[j])
      let dim: Dim
      switch (a, b) {
      case (.known(1), let other), (let other, .known(1)): dim = other
      case (.known(let x), .known(let y)):
        guard x == y else { return nil }
        dim = a
      // A number above 1 decides: the other side is 1 or the same.
      case (.known, _): dim = a
      case (_, .known): dim = b
      default: dim = a == b ? a : .unknown
      }
      result[axis] = dim
    }
    return result
  }

  /// The size of two axes one behind the other; unknown where one is, or where it is no `Int`.
  static func sum(_ left: Dim?, _ right: Dim?) -> Dim {
    guard let left = left?.value, let right = right?.value,
      case let (sum, overflow) = left.addingReportingOverflow(right),
      !overflow
    else { return .unknown }
    return .known(sum)
  }

  /// `axis` counted from the front.
  ///
  /// - Throws: `TensorError` of kind `range` when it is outside `-rank ..< rank`.
  package static func normalize(axis: Int, rank: Int, in place: String) throws -> Int {
    guard axis >= -rank, axis < rank else {
      throw TensorError(
        .range, "\(place): axis \(axis) is out of range for a tensor of rank \(rank) (expected \(-rank) to \(rank - 1))"
      )
    }
    return axis < 0 ? axis + rank : axis
  }

  /// Axes counted from the front, sorted.
  ///
  /// - Throws: `TensorError` of kind `range` when one is out of range or given twice.
  package static func normalize(axes: [Int], rank: Int, in place: String) throws -> [Int] {
    let result = try axes.map { try normalize(axis: $0, rank: rank, in: place) }.sorted()
    for (a, b) in zip(result, result.dropFirst()) where a == b {
      throw TensorError(.range, "\(place): axis \(a) is given twice in \(axes)")
    }
    return result
  }
}
