import ThawTensor

extension Gather: Sampled {
  public static var samples: [Sample] {
    [
      Sample(
        "rows", Gather(), .floats([1, 1.2, 2.3, 3.4, 4.5, 5.7], [3, 2]), .ints([0, 1, 1, 2], [2, 2]),
        expected: [.floats([1, 1.2, 2.3, 3.4, 2.3, 3.4, 4.5, 5.7], [2, 2, 2])]),
      Sample(
        "columns, negative axis and index", Gather(axis: -1), .floats([1, 2, 3, 4, 5, 6], [2, 3]), .ints([-1, 0]),
        expected: [.floats([3, 1, 6, 4], [2, 2])]),
      Sample("a scalar index takes the axis away", Gather(axis: 1), .uniform([2, 3, 4]), .ints([2], [])),
      Sample(
        "int32 indices, one twice", Gather(axis: 1), .uniform([2, 3, 4]),
        .exact(Tensor(elements: [1, 1, 0] as [Int32]))),
      Sample("no indices", Gather(), .uniform([3, 2]), .ints([])),
      Sample("integers", Gather(), .ints([5, 6, 7]), .ints([2, 0]), expected: [.ints([7, 5])]),
    ]
  }

  public static var failures: [Failure] {
    [
      Failure(
        Gather(axis: 1), .uniform([2, 3]), .ints([0, 3]),
        message: "Gather: the index 3 is out of range for axis 1 of size 3 (expected -3 to 2)"),
      Failure(
        Gather(), .uniform([]), .ints([0]),
        message: "Gather: axis 0 is out of range for a tensor of rank 0 (expected 0 to -1)"),
      Failure(
        Gather(), .uniform([2, 3]), .uniform([1]),
        message: "Gather: the indices should be int32 or int64 and are float32"),
    ]
  }
}

extension GatherGradient: Sampled {
  public static var samples: [Sample] {
    [
      Sample(
        "rows, one twice", GatherGradient(axis: 0), .floats([1, 2, 3, 4, 5, 6], [3, 2]), .ints([1, 1, 0]),
        .ints([3, 2]), expected: [.floats([5, 6, 4, 6, 0, 0], [3, 2])]),
      Sample(
        "inner axis, matrix of indices", GatherGradient(axis: -2), .uniform([2, 2, 2, 3]),
        .ints([0, 3, 3, -1], [2, 2]),
        .ints([2, 4, 3])),
      Sample("no indices", GatherGradient(axis: 0), .uniform([0, 2]), .ints([]), .ints([3, 2])),
    ]
  }

  public static var failures: [Failure] {
    [
      Failure(
        GatherGradient(axis: 0), .uniform([2, 2]), .ints([1, 1, 0]), .ints([3, 2]),
        message:
          "GatherGradient: a gradient of shape [2, 2] is not that of indices of shape [3] along axis 0 of float32[3, 2]"
      )
    ]
  }
}
