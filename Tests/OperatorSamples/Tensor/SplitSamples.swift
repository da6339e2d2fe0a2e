import ThawTensor

extension Split: Sampled {
  public static var samples: [Sample] {
    [
      Sample(
        "sizes", Split(axis: 0, outputCount: 2), .floats([1, 2, 3], [3]), .ints([1, 2]), wanted: .all, outputs: 2,
        expected: [.floats([1]), .floats([2, 3])]),
      Sample(
        "equal parts, negative axis", Split(axis: -1, outputCount: 2, isEven: true), .floats([1, 2, 3, 4], [2, 2]),
        wanted: .all, outputs: 2, expected: [.floats([1, 3], [2, 1]), .floats([2, 4], [2, 1])]),
      Sample(
        "the last one smaller", Split(axis: 0, outputCount: 3, isEven: true), .floats([1, 2, 3, 4, 5, 6, 7], [7]),
        wanted: .all, outputs: 3, expected: [.floats([1, 2, 3]), .floats([4, 5, 6]), .floats([7])]),
      Sample("only one wanted", Split(axis: 1, outputCount: 2), .uniform([2, 5, 2]), .ints([2, 3]), outputs: 2),
      Sample(
        "an empty part", Split(axis: 0, outputCount: 2), .uniform([3]), .ints([0, 3]), wanted: .only(1), outputs: 2),
      Sample(
        "more parts than there are elements", Split(axis: 0, outputCount: 3, isEven: true), .ints([1, 2]),
        wanted: .all, outputs: 3, expected: [.ints([1]), .ints([2]), .ints([])]),
    ]
  }

  public static var failures: [Failure] {
    [
      Failure(
        Split(axis: 0, outputCount: 2), .uniform([3]), .ints([1, 1]),
        message: "Split: the sizes [1, 1] should be 2 numbers that add up to 3, the size of axis 0"),
      Failure(
        Split(axis: 0, outputCount: 2), .uniform([3]), .ints([-1, 4]),
        message: "Split: the sizes [-1, 4] should be 2 numbers that add up to 3, the size of axis 0"),
      Failure(
        Split(axis: 0, outputCount: 3), .uniform([3]), .ints([1, 2]),
        message: "Split: the sizes [1, 2] should be 3 numbers that add up to 3, the size of axis 0"),
      Failure(Split(axis: 0, outputCount: 3), .uniform([3]), message: "Split: input 1 (split) is missing"),
    ]
  }
}
