import ThawTensor

extension DeformConv: Sampled {
  public static var samples: [Sample] {
    [
      Sample(
        "half a place to the right, a quarter outside", DeformConv(), .floats([1, 3, 5], [1, 1, 1, 3]),
        .floats([2], [1, 1, 1, 1]), .floats([0.25, 0.25, 0.25, 0.5, 0.5, 0.5], [1, 2, 1, 3]),
        expected: [.floats([3, 6, 3.75], [1, 1, 1, 3])]),
      Sample(
        "groups, a bias and a mask",
        DeformConv(window: SlidingWindow(strides: [1, 2], pads: [0, 1, 1, 0]), groups: 2, offsetGroups: 2),
        .uniform([2, 4, 3, 4]), .uniform([2, 2, 2, 2]), .uniform([2, 16, 3, 2], -0.9...0.9), .uniform([2]),
        .uniform([2, 8, 3, 2])),
      Sample(
        "one spatial axis", DeformConv(window: SlidingWindow(dilations: [2])), .uniform([1, 2, 5]),
        .uniform([3, 2, 2]),
        .uniform([1, 2, 3], 0.1...0.9)),
    ]
  }

  public static var failures: [Failure] {
    [
      Failure(
        DeformConv(), .uniform([1, 1, 3, 3]), .uniform([1, 1, 2, 2]), .uniform([1, 4, 2, 2]),
        message: "DeformConv: offset is float32[1, 4, 2, 2], and should be float32[1, 8, 2, 2]"),
      Failure(
        DeformConv(offsetGroups: 2), .uniform([1, 3, 3, 3]), .uniform([1, 3, 2, 2]), .uniform([1, 16, 2, 2]),
        message: "DeformConv: the channels of X, float32[1, 3, 3, 3], do not divide into 2 offset groups"),
    ]
  }
}
