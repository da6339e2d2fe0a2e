import ThawTensor

extension Slice: Sampled {
  private static var numbers: SampleInput { .floats([1, 2, 3, 4, 5, 6, 7, 8], [2, 4]) }

  public static var samples: [Sample] {
    [
      Sample(
        "axes and steps", Slice(), numbers, .ints([1, 0]), .ints([2, 3]), .ints([0, 1]), .ints([1, 2]),
        expected: [.floats([5, 7], [1, 2])]),
      Sample(
        "what is outside is clamped", Slice(), numbers, .ints([0, 1]), .ints([-1, 1000]),
        expected: [.floats([2, 3, 4], [1, 3])]),
      Sample(
        "backwards to the beginning", Slice(), numbers, .ints([Int.max]), .ints([Int.min]), .ints([-1]), .ints([-3]),
        expected: [.floats([4, 1, 8, 5], [2, 2])]),
      Sample(
        "steps beyond any axis", Slice(), numbers, .ints([1, 0]), .ints([Int.min, Int.max]), nil,
        .ints([Int.min, Int.max]), expected: [.floats([5], [1, 1])]),
      Sample(
        "nothing", Slice(), numbers, .ints([3]), .ints([1]), .ints([1]), expected: [.floats([], [2, 0])]),
      Sample(
        "int32 settings", Slice(), .uniform([5, 4, 3]), .exact(Tensor(elements: [3, -2] as [Int32])),
        .exact(Tensor(elements: [0, 4] as [Int32])), .exact(Tensor(elements: [0, 2] as [Int32])),
        .exact(Tensor(elements: [-2, 1] as [Int32]))),
      Sample("the whole of the first axis", Slice(), .uniform([3, 4]), .ints([0]), .ints([Int.max]), .ints([0])),
      Sample("of an empty axis", Slice(), .uniform([0, 2]), .ints([-1]), .ints([5]), .ints([0])),
    ]
  }

  public static var failures: [Failure] {
    [
      Failure(
        Slice(), .uniform([3]), .ints([0]), .ints([3]), .ints([0]), .ints([0]),
        message: "Slice: the step along axis 0 is 0"),
      Failure(
        Slice(), .uniform([3]), .ints([0, 0]), .ints([3]),
        message: "Slice: there are 2 starts, 1 ends, 2 axes and 2 steps; their numbers should be equal"),
      Failure(
        Slice(), .uniform([3]), .ints([0]), .ints([3]), .ints([1]),
        message: "Slice: axis 1 is out of range for a tensor of rank 1 (expected -1 to 0)"),
      Failure(
        Slice(), .uniform([3, 3]), .ints([0, 0]), .ints([3, 3]), .ints([1, -1]),
        message: "Slice: axis 1 is given twice in [1, -1]"),
    ]
  }
}

extension SliceGradient: Sampled {
  public static var samples: [Sample] {
    [
      Sample(
        "backwards", SliceGradient(), .floats([1, 2, 3, 4], [2, 2]), .ints([2, 4]), .ints([3]), .ints([-9]),
        .ints([1]), .ints([-3]), expected: [.floats([2, 0, 0, 1, 4, 0, 0, 3], [2, 4])]),
      Sample(
        "two axes", SliceGradient(), .uniform([2, 2, 3]), .ints([4, 5, 3]), .ints([1, 0]), .ints([3, 4]), nil,
        .ints([1, 2])),
      Sample("nothing", SliceGradient(), .uniform([0]), .ints([3]), .ints([2]), .ints([1])),
    ]
  }

  public static var failures: [Failure] {
    [
      Failure(
        SliceGradient(), .uniform([3]), .ints([4]), .ints([0]), .ints([2]),
        message: "SliceGradient: a gradient of shape [3] does not fill a slice of shape [2]")
    ]
  }
}
