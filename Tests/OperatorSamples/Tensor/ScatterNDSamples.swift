import ThawTensor

extension ScatterND: Sampled {
  private static var repeated: SampleInput { .ints([0, 2, 0, 0], [4, 1]) }

  public static var samples: [Sample] {
    [
      Sample(
        "elements", ScatterND(), .floats([1, 2, 3, 4, 5, 6, 7, 8], [8]), .ints([4, 3, 1, -1], [4, 1]),
        .floats([9, 10, 11, 12], [4]), expected: [.floats([1, 11, 3, 10, 9, 6, 7, 12])]),
      Sample(
        "rows that repeat are added", ScatterND(reduction: .add), .floats([1, 2, 3, 4], [2, 2]),
        .ints([1, 1], [2, 1]),
        .floats([1, 2, 3, 4], [2, 2]), expected: [.floats([1, 2, 7, 10], [2, 2])]),
      Sample(
        "multiplied", ScatterND(reduction: .mul), .floats([1, 2, 3], [3]), repeated, .floats([2, 3, 4, 5], [4]),
        expected: [.floats([40, 2, 9])]),
      Sample(
        "multiplied by a zero", ScatterND(reduction: .mul), .floats([1, 2, 3], [3]), repeated,
        .floats([2, 3, 0, 5], [4]), expected: [.floats([0, 2, 9])]),
      Sample(
        "the greatest", ScatterND(reduction: .max), .floats([1, 2, 3], [3]), repeated, .floats([2, 3.5, 0, 5], [4]),
        expected: [.floats([5, 2, 3.5])]),
      Sample(
        "the least", ScatterND(reduction: .min), .floats([1, 2, 3], [3]), repeated, .floats([2, 3.5, 0, 5], [4]),
        expected: [.floats([0, 2, 3])]),
      Sample(
        "coordinates of elements", ScatterND(), .uniform([2, 3]), .ints([0, 1, 1, 2], [2, 2]), .uniform([2])),
      Sample("no coordinates", ScatterND(), .uniform([2, 3]), .ints([], [1, 0]), .uniform([1, 2, 3])),
    ]
  }

  public static var failures: [Failure] {
    [
      Failure(
        ScatterND(), .uniform([2, 3]), .ints([0, 3], [1, 2]), .uniform([1]),
        message: "ScatterND: the index 3 is out of range for axis 1 of size 3 (expected -3 to 2)"),
      Failure(
        ScatterND(), .uniform([2, 3]), .ints([0], [1, 1]), .uniform([1, 2]),
        message: "ScatterND: updates have the shape [1, 2], and the slices of the indices [1, 3]"),
      Failure(
        ScatterND(), .uniform([2]), .ints([0, 0], [1, 2]), .uniform([1]),
        message: "GatherND: 2 coordinates are given for 1 axes of data float32[2]"),
      Failure(
        ScatterND(), .uniform([2]), .ints([0], [1, 1]), .ints([1]),
        message: "ScatterND: data is float32 and updates are int64: cast one with Cast (cast(to:))"),
      Failure(
        ScatterND(), .uniform([2]), .uniform([1, 1]), .uniform([1]),
        message: "ScatterND: the indices should be int64 and are float32"),
    ]
  }
}

extension GatherND: Sampled {
  public static var samples: [Sample] {
    [
      Sample(
        "elements", GatherND(), .floats([0, 1, 2, 3], [2, 2]), .ints([0, 0, 1, -1], [2, 2]),
        expected: [.floats([0, 3])]),
      Sample(
        "rows", GatherND(), .floats([0, 1, 2, 3], [2, 2]), .ints([1, 0], [2, 1]),
        expected: [.floats([2, 3, 0, 1], [2, 2])]),
      Sample(
        "a shared axis", GatherND(batchRank: 1), .floats([0, 1, 2, 3, 4, 5, 6, 7], [2, 2, 2]), .ints([1, 0], [2, 1]),
        expected: [.floats([2, 3, 4, 5], [2, 2])]),
      Sample(
        "two shared axes, several indices", GatherND(batchRank: 2), .uniform([2, 2, 3]),
        .ints([0, 2, 1, 1, 2, 2, 0, 1], [2, 2, 2, 1])),
      Sample("the same twice", GatherND(), .uniform([3, 2]), .ints([2, 2, 0], [3, 1])),
      Sample("nothing", GatherND(), .uniform([3, 2]), .ints([], [0, 1])),
    ]
  }

  public static var failures: [Failure] {
    [
      Failure(
        GatherND(batchRank: 1), .uniform([2, 3]), .ints([0], [1]),
        message:
          "GatherND: batch_dims is 1, and should be below the indices' rank 1 and at most the data's, 2"),
      Failure(
        GatherND(batchRank: 1), .uniform([2, 3]), .ints([0, 1, 2], [3, 1]),
        message: "GatherND: data float32[2, 3] and indices int64[3, 1] differ in their first 1 axes"),
    ]
  }
}

extension Scatter: Sampled {
  public static var samples: [Sample] {
    [
      Sample(
        "along an axis", Scatter(axis: 1), .floats([1, 2, 3, 4, 5], [1, 5]), .ints([1, 3], [1, 2]),
        .floats([1.1, 2.1], [1, 2]), expected: [.floats([1, 1.1, 3, 2.1, 5], [1, 5])])
    ]
  }
}
