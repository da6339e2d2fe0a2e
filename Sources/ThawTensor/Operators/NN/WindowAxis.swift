/// A sliding window along one axis.
struct WindowAxis {
  /// The largest size, stride, dilation, pad or extent: sums and products of two such numbers do not overflow.
  static let limit = Int(Int32.max)

  let index: Int
  /// nil when it is not known, as the extent then.
  let size: Int?
  /// From the window's first to its last element, both counted.
  let extent: Int?
  let stride: Int
  let dilation: Int
  let pads: (begin: Int, end: Int)
  let autoPad: AutoPad

  /// Whether there are as many outputs as inputs, however many those are.
  var keepsSize: Bool {
    switch autoPad {
    case .sameUpper, .sameLower: stride == 1
    case .valid: stride == 1 && extent == 1
    case .notSet: stride == 1 && extent.map { pads.begin + pads.end == $0 - 1 } ?? false
    }
  }

  /// The pads and the number of windows over an axis of `input` elements.
  ///
  /// Rounding up, a last window that would start behind the input and its first pad is left out, as in PyTorch.
  func placed(over input: Int, ceilMode: Bool, in name: String) throws -> (begin: Int, end: Int, output: Int) {
    guard let extent, input <= Self.limit else {
      throw TensorError(.range, "\(name): spatial axis \(index) of size \(input) is larger than any window can go over")
    }
    if autoPad == .sameUpper || autoPad == .sameLower, input > 0 {
      let output = (input + stride - 1) / stride
      let (begin, end) = autoPad.split(max(0, (output - 1) * stride + extent - input))
      return (begin, end, output)
    }
    let padded = input + pads.begin + pads.end
    guard input > 0, extent <= padded else {
      throw TensorError(
        .shape,
        "\(name): along spatial axis \(index) the kernel reaches over \(extent) elements, and the input has "
          + "\(padded) with its pads")
    }
    var output = (padded - extent + (ceilMode ? stride - 1 : 0)) / stride + 1
    if ceilMode, (output - 1) * stride >= input + pads.begin { output -= 1 }
    return (pads.begin, pads.end, output)
  }
}
