/// A transposed convolution along one axis.
struct TransposedAxis {
  let window: WindowAxis
  let outputPadding: Int
  /// The output's size, where it is given.
  let target: Int?

  /// Whether there are as many outputs as inputs, however many those are.
  var keepsSize: Bool {
    guard window.stride == 1, let extent = window.extent else { return false }
    switch window.autoPad {
    case .sameUpper, .sameLower: return true
    case .valid: return extent + outputPadding == 1
    case .notSet: return extent + outputPadding - window.pads.begin - window.pads.end == 1
    }
  }

  /// The convolution that this one transposes: its pads, and the size of its input, which is the output here.
  func placed(over size: Int) throws -> (begin: Int, end: Int, input: Int) {
    guard let extent = window.extent, size > 0, size <= WindowAxis.limit else {
      throw TensorError(
        .shape, "ConvTranspose: spatial axis \(window.index) has \(size) elements, and there should be at least one")
    }
    let reach = window.stride * (size - 1) + extent + outputPadding
    let isSame = window.autoPad == .sameUpper || window.autoPad == .sameLower
    var (begin, end) = window.pads
    var behind = outputPadding
    var output = reach - begin - end
    if let wanted = target ?? (isSame ? size * window.stride : nil) {
      (begin, end) = window.autoPad.split(max(0, reach - wanted))
      behind += max(0, wanted - reach)
      output = wanted
    }
    guard output > 0 else {
      throw TensorError(
        .shape,
        "ConvTranspose: along spatial axis \(window.index) nothing is left: the windows reach over \(reach) "
          + "elements, and the pads take \(begin) and \(end)")
    }
    // A convolution ignores what is left behind its last window, when no further window fits in there.
    if behind >= window.stride { end -= behind }
    guard end >= 0 else {
      throw TensorError(
        .unsupported,
        "ConvTranspose: along spatial axis \(window.index) the output reaches \(behind) behind the last "
          + "window, and should stay below the stride \(window.stride)")
    }
    return (begin, end, output)
  }
}
