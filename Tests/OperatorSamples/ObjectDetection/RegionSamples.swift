import ThawTensor

extension RoiAlign: Sampled {
  private static var rois: SampleInput { .exact(.floats([0, 0, 3, 3, 1, 0.5, 2.5, 4], [2, 4])) }

  public static var samples: [Sample] {
    [
      Sample(
        "one sample in the middle", RoiAlign(samples: 1), .floats([1, 2, 3, 4], [1, 1, 2, 2]),
        .exact(.floats([0, 0, 2, 2], [1, 4])), .ints([0]), expected: [.floats([2.5], [1, 1, 1, 1])]),
      Sample("means", RoiAlign(height: 2, width: 2), .uniform([2, 2, 4, 5]), rois, .ints([1, 0])),
      Sample(
        "the greatest, without the half element",
        RoiAlign(height: 2, width: 1, scale: 0.5, samples: 2, isMaximum: true, movesHalfPixel: false),
        .distinct([1, 2, 4, 4], around: 3), rois, .ints([0, 0])),
    ]
  }

  public static var failures: [Failure] {
    [
      Failure(
        RoiAlign(), .uniform([1, 1, 2, 2]), .exact(.floats([0, 0, 1, 1], [1, 4])), .ints([1]),
        message:
          "RoiAlign: the index 1 is out of range for axis 0 of size 1 (expected -1 to 0)"),
      Failure(
        RoiAlign(), .uniform([1, 1, 2, 2]), .exact(.floats([0, 0, 1e30, 1], [1, 4])), .ints([0]),
        message: "RoiAlign: a region reaches from -0.5 to 1.0000000150474662e+30, over more than can be sampled"),
    ]
  }
}

extension MaxRoiPool: Sampled {
  public static var samples: [Sample] {
    [
      Sample(
        "two bins", MaxRoiPool(height: 1, width: 2), .floats([1, 5, 2, 3, 4, 0], [1, 1, 2, 3]),
        .exact(.floats([0, 0, 0, 2, 1], [1, 5])), expected: [.floats([5, 5], [1, 1, 1, 2])]),
      Sample(
        "scaled, partly outside", MaxRoiPool(height: 2, width: 2, scale: 0.5), .distinct([2, 2, 3, 3]),
        .exact(.floats([1, 1, 1, 9, 9, 0, 0, 0, 3, 3], [2, 5]))),
    ]
  }

  public static var failures: [Failure] {
    [
      Failure(
        MaxRoiPool(height: 1, width: 1), .uniform([1, 1, 2, 2]), .exact(.floats([1, 0, 0, 1, 1], [1, 5])),
        message: "MaxRoiPool: the image 1.0 is not one of the 1")
    ]
  }
}
