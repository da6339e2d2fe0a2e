import ThawTensor

extension GatherElements: Sampled {
  public static var samples: [Sample] {
    [
      Sample(
        "rows", GatherElements(), .floats([1, 2, 3, 4, 5, 6, 7, 8, 9], [3, 3]),
        .ints([1, 2, 0, 2, 0, 0], [2, 3]), expected: [.floats([4, 8, 3, 7, 2, 3], [2, 3])]),
      Sample(
        "columns, an element twice", GatherElements(axis: 1), .floats([1, 2, 3, 4], [2, 2]),
        .exact(Tensor(elements: [0, 0, 1, 0] as [Int32], shape: [2, 2])),
        expected: [.floats([1, 1, 4, 3], [2, 2])]),
      Sample(
        "negative axis and indices", GatherElements(axis: -2), .uniform([2, 3, 4]),
        .ints([-1, 0, -3, 1], [1, 2, 2])),
      Sample("no indices", GatherElements(), .uniform([3]), .ints([])),
      Sample(
        "bool", GatherElements(), .bools([true, false]), .ints([1, 1, 0]),
        expected: [.bools([false, false, true])]),
    ]
  }

  public static var failures: [Failure] {
    [
      Failure(
        GatherElements(axis: 1), .uniform([2, 3]), .ints([0, -4], [1, 2]),
        message: "GatherElements: the index -4 is out of range for axis 1 of size 3 (expected -3 to 2)"),
      Failure(
        GatherElements(axis: 2), .uniform([2, 3]), .ints([0], [1, 1]),
        message: "GatherElements: axis 2 is out of range for a tensor of rank 2 (expected -2 to 1)"),
    ]
  }
}
