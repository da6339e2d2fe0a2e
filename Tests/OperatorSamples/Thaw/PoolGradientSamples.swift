import ThawTensor

extension MaxPoolGradient: Sampled {
  public static var samples: [Sample] {
    [
      Sample(
        "overlapping windows share a maximum", MaxPoolGradient(window: SlidingWindow(kernel: [2])),
        .floats([1, 10], [1, 1, 2]), .ints([1, 1], [1, 1, 2]), .ints([3]), expected: [.floats([0, 11, 0], [1, 1, 3])]),
      Sample(
        "second plane", MaxPoolGradient(window: SlidingWindow(kernel: [2, 2])), .uniform([1, 2, 1, 2]),
        .ints([3, 1, 10, 7], [1, 2, 1, 2]), .ints([2, 3])),
      Sample(
        "indices by columns", MaxPoolGradient(window: SlidingWindow(kernel: [2, 2]), columnMajorIndices: true),
        .uniform([1, 2, 1, 2]), .ints([3, 2, 6, 11], [1, 2, 1, 2]), .ints([2, 3])),
    ]
  }

  public static var failures: [Failure] {
    [
      Failure(
        MaxPoolGradient(window: SlidingWindow(kernel: [2])), .uniform([1, 1, 2]), .ints([1], [1, 1, 1]), .ints([3]),
        message: "MaxPoolGradient: the indices should have the gradient's shape [1, 1, 2] and have [1, 1, 1]"),
      Failure(
        MaxPoolGradient(window: SlidingWindow(kernel: [2])), .uniform([1, 1, 2]), .ints([1, 1], [1, 1, 2]), .ints([5]),
        message: "MaxPoolGradient: over an input of spatial sizes [5] the pool gives [4], and the gradient has [2]"),
    ]
  }
}

extension AveragePoolGradient: Sampled {
  public static var samples: [Sample] {
    [
      Sample(
        "without the pads", AveragePoolGradient(window: SlidingWindow(kernel: [2], pads: [1, 0])),
        .floats([2, 4, 6], [1, 1, 3]), .ints([3]), expected: [.floats([4, 5, 3], [1, 1, 3])]),
      Sample(
        "rounded up",
        AveragePoolGradient(
          window: SlidingWindow(kernel: [3, 2], strides: [2, 2], pads: [0, 1, 1, 0]), ceilMode: true, countsPads: true),
        .uniform([2, 2, 3, 2]), .ints([6, 2])),
      Sample(
        "input left over", AveragePoolGradient(window: SlidingWindow(kernel: [2], strides: [3])), .uniform([1, 2, 2]),
        .ints([7])),
      Sample(
        "dilated", AveragePoolGradient(window: SlidingWindow(kernel: [2], pads: [1, 1], dilations: [3])),
        .uniform([1, 2, 3]), .ints([4])),
    ]
  }

  public static var failures: [Failure] {
    [
      Failure(
        AveragePoolGradient(window: SlidingWindow(kernel: [2])), .uniform([1, 1, 2]), .ints([3, 3]),
        message: "AveragePoolGradient: the sizes are [3, 3], and the gradient has 1 spatial axes")
    ]
  }
}
