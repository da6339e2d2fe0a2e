import ThawTensor

extension MaxPool: Sampled {
  public static var samples: [Sample] {
    [
      Sample(
        "with indices", MaxPool(window: SlidingWindow(kernel: [2, 2])),
        .exact(Tensor([1, 2, 3, 6, 5, 4], shape: [1, 1, 2, 3]).cast(to: .float32)),
        wanted: .only(0, 1), outputs: 2, expected: [.floats([6, 5], [1, 1, 1, 2]), .ints([3, 4], [1, 1, 1, 2])]),
      Sample(
        "indices over the whole input", MaxPool(window: SlidingWindow(kernel: [2])),
        .exact(.floats([1, 2, 4, 3], [1, 2, 2])),
        wanted: .only(0, 1), outputs: 2, expected: [.floats([2, 4], [1, 2, 1]), .ints([1, 2], [1, 2, 1])]),
      Sample(
        "the first of equals", MaxPool(window: SlidingWindow(kernel: [3])), .exact(.floats([7, 7, 7], [1, 1, 3])),
        wanted: .only(0, 1), outputs: 2, expected: [.floats([7], [1, 1, 1]), .ints([0], [1, 1, 1])]),
      Sample(
        "indices by columns",
        MaxPool(window: SlidingWindow(kernel: [2, 2], strides: [2, 1]), columnMajorIndices: true),
        .distinct([2, 2, 4, 3]), wanted: .only(0, 1), outputs: 2),
      Sample(
        "pads, strides", MaxPool(window: SlidingWindow(kernel: [3, 2], strides: [2, 2], pads: [1, 0, 1, 1])),
        .distinct([2, 2, 5, 5])),
      Sample(
        "overlapping, dilated", MaxPool(window: SlidingWindow(kernel: [2, 2], dilations: [2, 1])),
        .distinct([1, 2, 4, 4])),
      Sample(
        "rounded up", MaxPool(window: SlidingWindow(kernel: [2], strides: [2]), ceilMode: true),
        .exact(.floats([1, 2, 3], [1, 1, 3])), expected: [.floats([2, 3], [1, 1, 2])]),
      Sample(
        "rounded up, no window in the padding alone",
        MaxPool(window: SlidingWindow(kernel: [1], strides: [2]), ceilMode: true), .distinct([1, 1, 2]),
        expected: [nil]),
      Sample(
        "same", MaxPool(window: SlidingWindow(kernel: [2, 3], strides: [2, 2], autoPad: .sameUpper)),
        .distinct([1, 1, 5, 6])),
      Sample(
        "same, odd pad at the beginning", MaxPool(window: SlidingWindow(kernel: [2], autoPad: .sameLower)),
        .distinct([1, 2, 4])),
      Sample(
        "three axes", MaxPool(window: SlidingWindow(kernel: [2, 1, 2], autoPad: .valid)), .distinct([1, 1, 3, 2, 3])),
    ]
  }

  public static var failures: [Failure] {
    [
      Failure(
        MaxPool(window: SlidingWindow()), .uniform([1, 1, 3]),
        message: "MaxPool: the attribute 'kernel_shape' is missing"),
      Failure(
        MaxPool(window: SlidingWindow(kernel: [2])), .uniform([1, 1, 3, 3]),
        message: "MaxPool: the attribute kernel_shape is [2], and the input has 2 spatial axes"),
      Failure(
        MaxPool(window: SlidingWindow(kernel: [1], pads: [1, 0])), .uniform([1, 1, 3]),
        message:
          "MaxPool: along spatial axis 0 a window holds nothing but padding (kernel 1, dilation 1, pads 1 and 0, "
          + "input 3)"),
      Failure(
        MaxPool(window: SlidingWindow(kernel: [4])), .uniform([1, 1, 3]),
        message: "MaxPool: along spatial axis 0 the kernel reaches over 4 elements, and the input has 3 with its pads"),
      Failure(
        MaxPool(window: SlidingWindow(kernel: [-2])), .uniform([1, 1, 3]),
        message: "MaxPool: the attribute kernel_shape is [-2], and its numbers must lie between 1 and 2147483647"),
      Failure(
        MaxPool(window: SlidingWindow(kernel: [2], pads: [Int.max, 0])), .uniform([1, 1, 3]),
        message: "MaxPool: the attribute pads is [9223372036854775807, 0], and its numbers must lie between 0 and "
          + "2147483647"),
      Failure(
        MaxPool(window: SlidingWindow(kernel: [1])), .exact(Tensor([true], shape: [1, 1, 1])),
        message: "MaxPool: the input is bool, and only numbers are pooled"),
    ]
  }
}
