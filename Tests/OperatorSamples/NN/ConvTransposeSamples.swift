import ThawTensor

extension ConvTranspose: Sampled {
  public static var samples: [Sample] {
    [
      Sample(
        "overlapping windows", ConvTranspose(), .floats([1, 2, 3], [1, 1, 3]), .floats([1, 10], [1, 1, 2]),
        .floats([100], [1]), expected: [.floats([101, 112, 123, 130], [1, 1, 4])]),
      Sample(
        "pads, strides, output padding",
        ConvTranspose(window: SlidingWindow(strides: [2, 3], pads: [1, 0, 1, 1]), outputPadding: [1, 2]),
        .uniform([2, 3, 3, 2]), .uniform([3, 2, 3, 3]), .uniform([2])),
      Sample(
        "groups, dilated", ConvTranspose(window: SlidingWindow(dilations: [2, 1]), groups: 2), .uniform([1, 4, 3, 3]),
        .uniform([4, 3, 2, 2])),
      Sample(
        "output shape, larger than the windows reach",
        ConvTranspose(window: SlidingWindow(strides: [3, 2]), outputShape: [10, 8]), .uniform([1, 1, 3, 3]),
        .uniform([1, 2, 3, 3])),
      Sample(
        "output shape, smaller",
        ConvTranspose(window: SlidingWindow(strides: [2]), outputShape: [4]), .floats([1, 2], [1, 1, 2]),
        .floats([1, 10, 100], [1, 1, 3]), expected: [.floats([10, 102, 20, 200], [1, 1, 4])]),
      Sample(
        "same, odd pad at the end", ConvTranspose(window: SlidingWindow(strides: [2], autoPad: .sameUpper)),
        .floats([1, 2], [1, 1, 2]), .floats([1, 10, 100], [1, 1, 3]), expected: [.floats([1, 10, 102, 20], [1, 1, 4])]),
      Sample(
        "same, odd pad at the beginning", ConvTranspose(window: SlidingWindow(strides: [2], autoPad: .sameLower)),
        .uniform([1, 1, 2]), .uniform([1, 1, 3])),
      Sample(
        "same, strides beyond the kernel", ConvTranspose(window: SlidingWindow(strides: [3], autoPad: .sameUpper)),
        .uniform([1, 1, 2]), .uniform([1, 1, 1])),
      Sample(
        "three axes", ConvTranspose(window: SlidingWindow(kernel: [2, 1, 2], autoPad: .valid)),
        .uniform([1, 2, 2, 2, 2]), .uniform([2, 1, 2, 1, 2])),
      Sample(
        "output padding beyond the stride",
        ConvTranspose(
          window: SlidingWindow(pads: [1, 1], dilations: [2]), outputPadding: [1]), .uniform([1, 1, 4]),
        .uniform([1, 1, 3])),
    ]
  }

  public static var failures: [Failure] {
    [
      Failure(
        ConvTranspose(), .uniform([1, 3, 4]), .uniform([2, 3, 2]),
        message: "ConvTranspose: the weight of shape [2, 3, 2] has 2 filters, and there are 3 channels"),
      Failure(
        ConvTranspose(window: SlidingWindow(pads: [2, 2])), .uniform([1, 1, 2]), .uniform([1, 1, 2]),
        message: "ConvTranspose: along spatial axis 0 nothing is left: the windows reach over 3 elements, and the pads "
          + "take 2 and 2"),
      Failure(
        ConvTranspose(outputPadding: [1, 1]), .uniform([1, 1, 2]), .uniform([1, 1, 2]),
        message: "ConvTranspose: the attribute output_padding is [1, 1], and should be 1 numbers, none negative"),
      Failure(
        ConvTranspose(outputShape: [9]), .uniform([1, 1, 2]), .uniform([1, 1, 2]),
        message:
          "ConvTranspose: along spatial axis 0 the output reaches 6 behind the last window, and should stay below "
          + "the stride 1"),
    ]
  }
}
