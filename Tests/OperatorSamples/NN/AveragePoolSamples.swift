import ThawTensor

extension AveragePool: Sampled {
  public static var samples: [Sample] {
    [
      Sample(
        "without the pads", AveragePool(window: SlidingWindow(kernel: [2], pads: [1, 0])),
        .floats([2, 4, 6], [1, 1, 3]),
        expected: [.floats([2, 3, 5], [1, 1, 3])]),
      Sample(
        "with the pads", AveragePool(window: SlidingWindow(kernel: [2], pads: [1, 0]), countsPads: true),
        .floats([2, 4, 6], [1, 1, 3]), expected: [.floats([1, 3, 5], [1, 1, 3])]),
      Sample(
        "rounded up", AveragePool(window: SlidingWindow(kernel: [2], strides: [2]), ceilMode: true),
        .floats([2, 4, 6], [1, 1, 3]), expected: [.floats([3, 6], [1, 1, 2])]),
      Sample(
        "rounded up, with the pads",
        AveragePool(window: SlidingWindow(kernel: [3], strides: [3], pads: [1, 1]), ceilMode: true, countsPads: true),
        .floats([3, 6, 9, 12], [1, 1, 4]), expected: [.floats([3, 7], [1, 1, 2])]),
      Sample(
        "rounded up, behind the pads",
        AveragePool(window: SlidingWindow(kernel: [3], strides: [2], pads: [0, 1]), ceilMode: true, countsPads: true),
        .floats([3, 6, 9, 12, 15], [1, 1, 5]), expected: [.floats([6, 12, 7.5], [1, 1, 3])]),
      Sample(
        "two axes", AveragePool(window: SlidingWindow(kernel: [3, 2], strides: [2, 1], pads: [1, 0, 1, 1])),
        .uniform([2, 3, 5, 4])),
      Sample("input left over", AveragePool(window: SlidingWindow(kernel: [2], strides: [3])), .uniform([1, 2, 7])),
      Sample(
        "dilated", AveragePool(window: SlidingWindow(kernel: [2, 2], pads: [1, 1, 1, 1], dilations: [2, 1])),
        .uniform([1, 2, 4, 4])),
      Sample(
        "same", AveragePool(window: SlidingWindow(kernel: [3, 2], strides: [2, 2], autoPad: .sameUpper)),
        .uniform([1, 1, 4, 5])),
      Sample(
        "same, odd pad at the beginning, counted",
        AveragePool(window: SlidingWindow(kernel: [2], autoPad: .sameLower), countsPads: true), .uniform([1, 2, 4])),
      Sample(
        "three axes", AveragePool(window: SlidingWindow(kernel: [2, 1, 2], autoPad: .valid)),
        .uniform([1, 1, 3, 2, 3])),
    ]
  }

  public static var failures: [Failure] {
    [
      Failure(
        AveragePool(window: SlidingWindow(kernel: [2])), .exact(Tensor([1, 2], shape: [1, 1, 2])),
        message: "AveragePool: the input is int64, and only floating-point numbers have a mean here"),
      Failure(
        AveragePool(window: SlidingWindow(kernel: [2], pads: [2, 0])), .uniform([1, 1, 2]),
        message: "AveragePool: along spatial axis 0 a window holds nothing but padding (kernel 2, dilation 1, pads 2 "
          + "and 0, input 2)"),
    ]
  }
}
