import ThawTensor

extension ConvInputGradient: Sampled {
  public static var samples: [Sample] {
    [
      Sample(
        "each element to its windows", ConvInputGradient(window: SlidingWindow(), groups: 1),
        .floats([1, 2, 3], [1, 1, 3]), .floats([1, 10], [1, 1, 2]), .ints([4]),
        expected: [.floats([1, 12, 23, 30], [1, 1, 4])]),
      Sample(
        "input left over", ConvInputGradient(window: SlidingWindow(strides: [3, 2], pads: [0, 1, 0, 0]), groups: 1),
        .uniform([2, 3, 2, 2]), .uniform([3, 2, 2, 2]), .ints([7, 4])),
      Sample(
        "groups, same, dilated",
        ConvInputGradient(window: SlidingWindow(strides: [2], dilations: [2], autoPad: .sameLower), groups: 2),
        .uniform([1, 4, 3]), .uniform([4, 1, 2]), .ints([5])),
    ]
  }

  public static var failures: [Failure] {
    [
      Failure(
        ConvInputGradient(window: SlidingWindow(), groups: 1), .uniform([1, 1, 3]), .uniform([1, 1, 2]), .ints([5]),
        message:
          "ConvInputGradient: over an input of spatial sizes [5] the convolution gives [4], and the gradient has "
          + "[3]"),
      Failure(
        ConvInputGradient(window: SlidingWindow(), groups: 1), .uniform([1, 1, 3]), .uniform([1, 1, 2]), .ints([5, 5]),
        message: "ConvInputGradient: the sizes are [5, 5], and the gradient has 1 spatial axes"),
    ]
  }
}

extension ConvWeightGradient: Sampled {
  public static var samples: [Sample] {
    [
      Sample(
        "products at each distance", ConvWeightGradient(window: SlidingWindow(kernel: [2]), groups: 1),
        .floats([1, 2, 3, 4], [1, 1, 4]), .floats([1, 10, 100], [1, 1, 3]), expected: [.floats([321, 432], [1, 1, 2])]),
      Sample(
        "input left over",
        ConvWeightGradient(
          window: SlidingWindow(kernel: [2, 2], strides: [4, 2], pads: [0, 1, 0, 0]), groups: 1),
        .uniform([2, 2, 9, 4]), .uniform([2, 3, 2, 2])),
      Sample(
        "groups, same, dilated",
        ConvWeightGradient(
          window: SlidingWindow(kernel: [2], strides: [2], dilations: [2], autoPad: .sameUpper), groups: 2),
        .uniform([3, 4, 5]), .uniform([3, 4, 3])),
      Sample(
        "three axes", ConvWeightGradient(window: SlidingWindow(kernel: [2, 1, 2]), groups: 1),
        .uniform([1, 2, 3, 2, 3]),
        .uniform([1, 2, 2, 2, 2])),
    ]
  }

  public static var failures: [Failure] {
    [
      Failure(
        ConvWeightGradient(window: SlidingWindow(), groups: 1), .uniform([1, 1, 3]), .uniform([1, 1, 2]),
        message: "ConvWeightGradient: the attribute 'kernel_shape' is missing"),
      Failure(
        ConvWeightGradient(window: SlidingWindow(kernel: [2]), groups: 2), .uniform([1, 3, 3]), .uniform([1, 2, 2]),
        message: "ConvWeightGradient: 3 channels do not divide into 2 groups"),
    ]
  }
}
