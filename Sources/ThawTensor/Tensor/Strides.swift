/// Distances, in elements, between neighbours along each axis.
package enum Strides {
  /// The strides of a row-major tensor.
  package static func contiguous(for shape: [Int]) -> [Int] {
    var strides = shape
    var step = 1
    for axis in shape.indices.reversed() {
      strides[axis] = step
      step *= max(shape[axis], 1)
    }
    return strides
  }

  /// Whether `strides` visit the elements of `shape` row-major without gaps.
  package static func isContiguous(_ strides: [Int], for shape: [Int]) -> Bool {
    if shape.contains(0) { return true }
    var step = 1
    for axis in shape.indices.reversed() where shape[axis] != 1 {
      if strides[axis] != step { return false }
      step *= shape[axis]
    }
    return true
  }

  /// The strides that show a tensor of `shape` as one of `target`, the missing and the single dimensions repeated.
  package static func broadcast(_ strides: [Int], of shape: [Int], to target: [Int]) -> [Int] {
    let missing = target.count - shape.count
    return target.indices.map { axis in
      axis < missing || (shape[axis - missing] == 1 && target[axis] != 1) ? 0 : strides[axis - missing]
    }
  }
}
