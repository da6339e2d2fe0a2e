import ThawTensor

extension Conv: Sampled {
  public static var samples: [Sample] {
    [
      Sample(
        "sums of neighbours", Conv(), .floats([1, 2, 3, 4], [1, 1, 4]), .floats([1, 1], [1, 1, 2]), .floats([10], [1]),
        expected: [.floats([13, 15, 17], [1, 1, 3])]),
      Sample(
        "pads and strides", Conv(window: SlidingWindow(strides: [2, 1], pads: [1, 0, 1, 2])), .uniform([2, 3, 5, 4]),
        .uniform([4, 3, 3, 2]), .uniform([4])),
      Sample(
        "input left over", Conv(window: SlidingWindow(strides: [3, 3])), .uniform([1, 2, 7, 8]),
        .uniform([2, 2, 2, 2])),
      Sample(
        "groups", Conv(window: SlidingWindow(kernel: [3, 3], pads: [1, 1, 1, 1]), groups: 2), .uniform([2, 4, 4, 4]),
        .uniform([6, 2, 3, 3])),
      Sample(
        "depthwise, dilated", Conv(window: SlidingWindow(dilations: [2, 1]), groups: 3), .uniform([1, 3, 5, 4]),
        .uniform([3, 1, 2, 3]), .uniform([3])),
      Sample(
        "same, odd pad at the end", Conv(window: SlidingWindow(autoPad: .sameUpper)),
        .floats([1, 2, 3], [1, 1, 3]), .floats([1, 10], [1, 1, 2]), expected: [.floats([21, 32, 3], [1, 1, 3])]),
      Sample(
        "same, odd pad at the beginning", Conv(window: SlidingWindow(autoPad: .sameLower)),
        .floats([1, 2, 3], [1, 1, 3]), .floats([1, 10], [1, 1, 2]), expected: [.floats([10, 21, 32], [1, 1, 3])]),
      Sample(
        "same with strides", Conv(window: SlidingWindow(strides: [2, 3], autoPad: .sameUpper)), .uniform([1, 2, 5, 7]),
        .uniform([2, 2, 3, 3])),
      Sample(
        "valid", Conv(window: SlidingWindow(strides: [2], autoPad: .valid)), .uniform([1, 1, 6]), .uniform([1, 1, 3])),
      Sample(
        "three axes", Conv(window: SlidingWindow(pads: [1, 0, 0, 0, 1, 0])), .uniform([1, 2, 3, 3, 3]),
        .uniform([2, 2, 2, 2, 2])),
      Sample("no samples", Conv(), .uniform([0, 1, 4]), .uniform([1, 1, 2])),
    ]
  }

  public static var failures: [Failure] {
    [
      Failure(
        Conv(), .uniform([1, 3, 4, 4]), .uniform([2, 2, 3, 3]),
        message: "Conv: the weight of shape [2, 2, 3, 3] with 1 groups is for 2 channels, and there are 3"),
      Failure(
        Conv(groups: 0), .uniform([1, 3, 4]), .uniform([2, 3, 2]),
        message: "Conv: the attribute group is 0, and should be at least 1"),
      Failure(
        Conv(groups: 2), .uniform([1, 4, 4]), .uniform([3, 2, 2]),
        message: "Conv: 3 filters do not divide into 2 groups"),
      Failure(
        Conv(), .uniform([1, 1, 3]), .uniform([1, 1, 5]),
        message: "Conv: along spatial axis 0 the kernel reaches over 5 elements, and the input has 3 with its pads"),
      Failure(
        Conv(window: SlidingWindow(strides: [0])), .uniform([1, 1, 3]), .uniform([1, 1, 2]),
        message: "Conv: the attribute strides is [0], and its numbers must lie between 1 and 2147483647"),
      Failure(
        Conv(window: SlidingWindow(pads: [1, 1])), .uniform([1, 1, 3, 3]), .uniform([1, 1, 2, 2]),
        message: "Conv: the attribute pads is [1, 1], and for these inputs it needs 4 numbers"),
      Failure(
        Conv(window: SlidingWindow(dilations: [Int.max])), .uniform([1, 1, 3]), .uniform([1, 1, 2]),
        message: "Conv: the attribute dilations is [9223372036854775807], and its numbers must lie between 1 and "
          + "2147483647"),
      Failure(
        Conv(window: SlidingWindow(kernel: [3])), .uniform([1, 1, 3]), .uniform([1, 1, 2]),
        message: "Conv: the attribute kernel_shape is [3], and along spatial axis 0 the weight has size 2"),
      Failure(
        Conv(), .uniform([2, 3]), .uniform([2, 3]),
        message: "Conv: the input has rank 2; batch, channels and 1 to 3 spatial axes are supported"),
      Failure(
        Conv(), .uniform([1, 1, 3]), .uniform([1, 1, 2, 2]),
        message: "Conv: the weight of shape [1, 1, 2, 2] should have the data's rank 3"),
      Failure(
        Conv(), .uniform([1, 1, 3]), .uniform([2, 1, 2]), .uniform([3]),
        message: "Conv: the bias should have shape [2] and has [3]"),
      Failure(
        Conv(), .exact(Tensor([1, 2, 3], shape: [1, 1, 3])), .exact(Tensor([1], shape: [1, 1, 1])),
        message: "Conv: the inputs are int64, and only floating-point numbers are convolved"),
      Failure(
        Conv(), .uniform([1, 1, 3]), .exact(Tensor([1], shape: [1, 1, 1])),
        message: "Conv: the inputs are float32 and int64; all must have one type: cast with Cast (cast(to:))"),
    ]
  }
}
