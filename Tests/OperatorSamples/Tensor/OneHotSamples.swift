import ThawTensor

extension OneHot: Sampled {
  public static var samples: [Sample] {
    [
      Sample(
        "last axis, one outside", OneHot(), .ints([0, 2, -1, 3]), .ints([3], []), .floats([0, 1], [2]),
        expected: [.floats([1, 0, 0, 0, 0, 1, 0, 0, 1, 0, 0, 0], [4, 3])]),
      Sample("first axis", OneHot(axis: 0), .ints([0, 1, 1, 2], [2, 2]), .ints([3]), .uniform([2])),
      Sample(
        "float indices, int32 depth", OneHot(axis: -2), .exact(.floats([1, 0])),
        .exact(Tensor(elements: [2] as [Int32], shape: [])), .ints([5, 7]), expected: [.ints([5, 7, 7, 5], [2, 2])]),
    ]
  }

  public static var failures: [Failure] {
    [
      Failure(
        OneHot(axis: 3), .ints([0]), .ints([3], []), .uniform([2]),
        message: "OneHot: axis 3 is out of range for a tensor of rank 2 (expected -2 to 1)"),
      Failure(
        OneHot(), .ints([0]), .ints([-3], []), .uniform([2]),
        message: "OneHot: the depth should be a number of classes and is -3.0"),
    ]
  }
}
