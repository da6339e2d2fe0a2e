import ThawTensor

extension TensorScatter: Sampled {
  public static var samples: [Sample] {
    [
      Sample(
        "from a place of its own", TensorScatter(axis: 1), .floats([1, 2, 3, 4, 5, 6], [2, 3]),
        .floats([8, 9], [2, 1]), .ints([2, 0]), expected: [.floats([1, 2, 8, 9, 5, 6], [2, 3])]),
      Sample(
        "around the end", TensorScatter(axis: 1, isCircular: true), .floats([1, 2, 3], [1, 3]),
        .floats([8, 9], [1, 2]),
        .ints([2]), expected: [.floats([9, 2, 8], [1, 3])]),
      Sample("from the beginning", TensorScatter(), .uniform([2, 2, 3, 2]), .uniform([2, 2, 1, 2])),
    ]
  }

  public static var failures: [Failure] {
    [
      Failure(
        TensorScatter(axis: 1), .uniform([1, 3]), .uniform([1, 2]), .ints([2]),
        message:
          "in the body of TensorScatter: ScatterElements: the index 3 is out of range for axis 1 of size 3 (expected -3 "
          + "to 2)"),
      Failure(
        TensorScatter(axis: 1), .uniform([1, 3]), .uniform([1, 4]),
        message:
          "TensorScatter: the cache is float32[1, 3] and the update float32[1, 4]; they should agree but for axis 1, "
          + "which is not the first"),
    ]
  }
}
