import ThawTensor

extension Concat: Sampled {
  public static var samples: [Sample] {
    [
      Sample(
        "columns", Concat(axis: 1), .floats([1, 2, 3, 4], [2, 2]), .floats([5, 6], [2, 1]),
        expected: [.floats([1, 2, 5, 3, 4, 6], [2, 3])]),
      Sample("one input", Concat(axis: 0), .uniform([2, 3])),
      Sample(
        "three, negative axis", Concat(axis: -2), .uniform([2, 1, 3]), .uniform([2, 2, 3]), .uniform([2, 4, 3])),
      Sample("an empty one among them", Concat(axis: 0), .uniform([2, 3]), .uniform([0, 3])),
      Sample(
        "integers", Concat(axis: 0), .ints([1, 2]), .ints([3]), .ints([4, 5]), expected: [.ints([1, 2, 3, 4, 5])]),
      Sample("bool", Concat(axis: 0), .bools([true]), .bools([false]), expected: [.bools([true, false])]),
    ]
  }

  public static var failures: [Failure] {
    [
      Failure(
        Concat(axis: 0), .uniform([2, 3]), .uniform([2, 4]),
        message:
          "Concat: input 1 is float32[2, 4] and the first is float32[2, 3]; apart from axis 0 their shapes should "
          + "agree"),
      Failure(
        Concat(axis: 0), .uniform([2]), .ints([1]),
        message: "Concat: input 0 is float32 and input 1 is int64: cast one with Cast (cast(to:))"),
      Failure(
        Concat(axis: 0), .uniform([]), .uniform([]),
        message: "Concat: axis 0 is out of range for a tensor of rank 0 (expected 0 to -1)"),
      Failure(Concat(axis: 0), message: "Concat: no inputs are given"),
      Failure(
        Concat(axis: 0), .exact(.texts(["a"])), .ints([1]),
        message: "Concat: input 0 is string and input 1 is int64: cast one with Cast (cast(to:))"),
    ]
  }
}
