import ThawTensor

extension ScatterElements: Sampled {
  private static var indices: SampleInput { .ints([1, 0, 2, 0, 2, 1], [2, 3]) }

  public static var samples: [Sample] {
    [
      Sample(
        "rows", ScatterElements(), .floats([0, 0, 0, 0, 0, 0, 0, 0, 0], [3, 3]), indices,
        .floats([1, 1.1, 1.2, 2, 2.1, 2.2], [2, 3]),
        expected: [.floats([2, 1.1, 0, 1, 0, 2.2, 0, 2.1, 1.2], [3, 3])]),
      Sample(
        "columns, negative axis and index", ScatterElements(axis: -1), .floats([1, 2, 3, 4, 5], [1, 5]),
        .ints([1, -2], [1, 2]), .floats([1.1, 2.1], [1, 2]),
        expected: [.floats([1, 1.1, 3, 2.1, 5], [1, 5])]),
      Sample(
        "add where indices repeat", ScatterElements(axis: 1, reduction: .add), .floats([1, 2, 3, 4, 5], [1, 5]),
        .exact(Tensor(elements: [1, 1] as [Int32], shape: [1, 2])), .floats([1.1, 2.1], [1, 2]),
        expected: [.floats([1, 5.2, 3, 4, 5], [1, 5])]),
      Sample(
        "mul", ScatterElements(axis: 1, reduction: .mul), .floats([1, 2, 3], [1, 3]),
        .ints([1, 1], [1, 2]), .floats([3, 0.5], [1, 2]), expected: [.floats([1, 3, 3], [1, 3])]),
      Sample(
        "max", ScatterElements(axis: 1, reduction: .max), .floats([1, 2, 3], [1, 3]),
        .ints([1, 2], [1, 2]), .floats([5, 0.5], [1, 2]), expected: [.floats([1, 5, 3], [1, 3])]),
      Sample(
        "min", ScatterElements(axis: 1, reduction: .min), .floats([1, 2, 3], [1, 3]),
        .ints([1, 2], [1, 2]), .floats([5, 0.5], [1, 2]), expected: [.floats([1, 2, 0.5], [1, 3])]),
      Sample(
        "mul where indices repeat, with a zero", ScatterElements(reduction: .mul), .floats([1, 2, 3], [3]),
        .ints([1, 1, 1, 0]), .floats([3, 0, 0.5, 2], [4]), expected: [.floats([2, 0, 3])]),
      Sample(
        "max where indices repeat", ScatterElements(reduction: .max), .floats([1, 2, 3], [3]),
        .ints([1, 1, 1, 0]), .floats([3, 0, 0.5, 0.25], [4]), expected: [.floats([1, 3, 3])]),
      Sample(
        "middle axis, fewer indices than data", ScatterElements(axis: 1), .uniform([3, 4, 5]),
        .ints([0, 3, 1, 2], [2, 1, 2]), .uniform([2, 1, 2])),
      Sample(
        "no indices", ScatterElements(), .uniform([2, 2]), .ints([], [0, 2]), .uniform([0, 2])),
      Sample(
        "integers", ScatterElements(), .ints([5, 6, 7]), .ints([2]), .ints([1]),
        expected: [.ints([5, 6, 1])]),
    ]
  }

  public static var failures: [Failure] {
    [
      Failure(
        ScatterElements(), .uniform([3, 3]), .ints([3], [1, 1]), .uniform([1, 1]),
        message: "ScatterElements: the index 3 is out of range for axis 0 of size 3 (expected -3 to 2)"),
      Failure(
        ScatterElements(), .uniform([3, 3]), .ints([1], [1]), .uniform([1]),
        message: "ScatterElements: the indices have the shape [1] and data [3, 3]; their ranks should be equal"),
      Failure(
        ScatterElements(), .uniform([3, 3]), .ints([1, 1, 1, 1], [1, 4]), .uniform([1, 4]),
        message:
          "ScatterElements: the indices have the shape [1, 4] and data [3, 3]; apart from axis 0 the indices may "
          + "not be larger"),
      Failure(
        ScatterElements(), .uniform([3]), .ints([1]), .uniform([2]),
        message: "ScatterElements: indices have the shape [1] and updates [2]; they should agree"),
      Failure(
        ScatterElements(), .uniform([3]), .ints([1]), .ints([1]),
        message: "ScatterElements: data is float32 and updates are int64: cast one with Cast (cast(to:))"),
      Failure(
        ScatterElements(), .uniform([3]), .uniform([1]), .uniform([1]),
        message: "ScatterElements: the indices should be int32 or int64 and are float32"),
    ]
  }
}
