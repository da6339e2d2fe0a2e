/// A sliding window's places over spatial axes of known sizes.
struct WindowGeometry {
  let input: [Int]
  let output: [Int]
  let kernel: [Int]
  let strides: [Int]
  let dilations: [Int]
  let padsBegin: [Int]
  let padsEnd: [Int]

  /// The same with pads written out.
  var window: SlidingWindow {
    SlidingWindow(kernel: kernel, strides: strides, pads: padsBegin + padsEnd, dilations: dilations)
  }

  /// How many elements of each window along `axis` lie in the input, or in the input and its pads.
  func elementCounts(axis: Int, countsPads: Bool) -> [Int] {
    (0..<output[axis]).map { elementCount(of: $0, axis: axis, countsPads: countsPads) }
  }

  private func elementCount(of place: Int, axis: Int, countsPads: Bool) -> Int {
    let start = place * strides[axis] - padsBegin[axis]
    let step = dilations[axis]
    let (lower, upper) = countsPads ? (-padsBegin[axis], input[axis] + padsEnd[axis]) : (0, input[axis])
    let first = max(0, (lower - start + step - 1) / step)
    let last = upper - 1 < start ? -1 : min(kernel[axis] - 1, (upper - 1 - start) / step)
    return max(0, last - first + 1)
  }

  /// Refuses windows that hold nothing but padding, of which there is neither a maximum nor a mean.
  ///
  /// Without gaps in it, a window between two that meet the input meets it too.
  func checkNoWindowIsEmpty(in name: String) throws {
    for axis in input.indices {
      func isEmpty(_ place: Int) -> Bool { elementCount(of: place, axis: axis, countsPads: false) == 0 }
      let gaps = dilations[axis] > 1 && kernel[axis] > 1
      guard isEmpty(0) || isEmpty(output[axis] - 1) || (gaps && (0..<output[axis]).contains(where: isEmpty)) else {
        continue
      }
      throw TensorError(
        .shape,
        "\(name): along spatial axis \(axis) a window holds nothing but padding (kernel \(kernel[axis]), "
          + "dilation \(dilations[axis]), pads \(padsBegin[axis]) and \(padsEnd[axis]), input \(input[axis]))")
    }
  }
}
