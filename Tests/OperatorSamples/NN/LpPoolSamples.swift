import ThawTensor

extension LpPool: Sampled {
  public static var samples: [Sample] {
    [
      Sample(
        "lengths", LpPool(window: SlidingWindow(kernel: [2])), .floats([3, 4, 0], [1, 1, 3]),
        expected: [.floats([5, 4], [1, 1, 2])]),
      Sample(
        "magnitudes, padded", LpPool(window: SlidingWindow(kernel: [2], strides: [2], pads: [1, 1]), p: 1),
        .floats([3, -4], [1, 1, 2]), expected: [.floats([3, 4], [1, 1, 2])]),
      Sample(
        "cubes, rounded up", LpPool(window: SlidingWindow(kernel: [2, 2], strides: [2, 2]), p: 3, ceilMode: true),
        .distinct([2, 1, 3, 3], around: 1.03)),
      Sample("dilated", LpPool(window: SlidingWindow(kernel: [2], dilations: [2])), .uniform([1, 2, 4])),
    ]
  }
}

extension GlobalLpPool: Sampled {
  public static var samples: [Sample] {
    [
      Sample("lengths", GlobalLpPool(), .floats([3, 4], [1, 1, 2]), expected: [.floats([5], [1, 1, 1])]),
      Sample("cubes", GlobalLpPool(p: 3), .distinct([2, 2, 2, 2], around: 1.03)),
    ]
  }

  public static var failures: [Failure] {
    [
      Failure(
        GlobalLpPool(), .uniform([2, 2]),
        message: "GlobalLpPool: the input is float32[2, 2], and should have batch, channels and space")
    ]
  }
}

extension MaxUnpool: Sampled {
  private static var window: SlidingWindow { SlidingWindow(kernel: [2], strides: [2]) }

  public static var samples: [Sample] {
    [
      Sample(
        "back to its places", MaxUnpool(window: window), .floats([5, 6], [1, 1, 2]), .ints([1, 2], [1, 1, 2]),
        expected: [.floats([0, 5, 6, 0], [1, 1, 4])]),
      Sample(
        "into a larger shape", MaxUnpool(window: window), .floats([5, 6], [1, 1, 2]), .ints([1, 2], [1, 1, 2]),
        .ints([1, 1, 5]), expected: [.floats([0, 5, 6, 0, 0], [1, 1, 5])]),
    ]
  }

  public static var failures: [Failure] {
    [
      Failure(
        MaxUnpool(window: window), .uniform([1, 1, 2]), .ints([1, 2], [1, 1, 2]), .ints([1, 1, 3]),
        message: "MaxUnpool: output_shape is [1, 1, 3], and should be at least [1, 1, 4]"),
      Failure(
        MaxUnpool(window: window), .uniform([1, 1, 2]), .ints([1, 4], [1, 1, 2]),
        message:
          "in the body of MaxUnpool: ScatterElements: the index 4 is out of range for axis 0 of size 4 (expected -4 to "
          + "3)"),
      Failure(
        MaxUnpool(window: window), .uniform([1, 1, 2]), .ints([1], [1, 1, 1]),
        message: "MaxUnpool: X has the shape [1, 1, 2] and I [1, 1, 1]; they should agree"),
    ]
  }
}
