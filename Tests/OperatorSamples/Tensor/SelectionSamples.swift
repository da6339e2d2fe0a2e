import ThawTensor

extension Trilu: Sampled {
  private static var square: SampleInput { .floats([1, 2, 3, 4, 5, 6, 7, 8, 9], [3, 3]) }

  public static var samples: [Sample] {
    [
      Sample("upper", Trilu(), square, nil, expected: [.floats([1, 2, 3, 0, 5, 6, 0, 0, 9], [3, 3])]),
      Sample(
        "lower, without the diagonal", Trilu(upper: false), square, .ints([-1], []),
        expected: [.floats([0, 0, 0, 4, 0, 0, 7, 8, 0], [3, 3])]),
      Sample("several, wide", Trilu(), .uniform([2, 2, 4]), .ints([1], [])),
      Sample("integers", Trilu(), .ints([1, 2, 3, 4], [2, 2]), expected: [.ints([1, 2, 0, 4], [2, 2])]),
      Sample("no rows", Trilu(), .uniform([0, 3])),
    ]
  }

  public static var failures: [Failure] {
    [
      Failure(
        Trilu(), .uniform([3]), message: "Trilu: the input is float32[3], and should be a matrix or several")
    ]
  }
}

extension EyeLike: Sampled {
  public static var samples: [Sample] {
    [
      Sample("square", EyeLike(), .uniform([2, 2]), expected: [.floats([1, 0, 0, 1], [2, 2])]),
      Sample(
        "a diagonal above, of integers", EyeLike(dtype: .int64, diagonal: 1), .uniform([2, 3]),
        expected: [.ints([0, 1, 0, 0, 0, 1], [2, 3])]),
    ]
  }

  public static var failures: [Failure] {
    [
      Failure(
        EyeLike(), .uniform([2]), message: "EyeLike: the input is float32[2], and should be a matrix")
    ]
  }
}

extension NonZero: Sampled {
  public static var samples: [Sample] {
    [
      Sample(
        "truth values", NonZero(), .bools([true, false, true, true], [2, 2]),
        expected: [.ints([0, 1, 1, 0, 0, 1], [2, 3])]),
      Sample(
        "numbers", NonZero(), .exact(.floats([0, 0.5, -1, 0, .nan])), expected: [.ints([1, 2, 4], [1, 3])]),
      Sample("a scalar", NonZero(), .exact(Tensor(3)), expected: [.ints([], [0, 1])]),
    ]
  }
}

extension Compress: Sampled {
  public static var samples: [Sample] {
    [
      Sample(
        "rows", Compress(axis: 0), .floats([1, 2, 3, 4, 5, 6], [3, 2]), .bools([false, true, true]),
        expected: [.floats([3, 4, 5, 6], [2, 2])]),
      Sample(
        "elements, a short condition", Compress(), .floats([1, 2, 3, 4, 5, 6], [3, 2]),
        .bools([false, true, false, false, true]), expected: [.floats([2, 5])]),
      Sample("the last axis", Compress(axis: -1), .uniform([2, 3]), .bools([true, false, true])),
    ]
  }

  public static var failures: [Failure] {
    [
      Failure(
        Compress(), .uniform([2]), .ints([1]),
        message: "Compress: the condition is int64[1], and should be a vector of bool"),
      Failure(
        Compress(axis: 0), .uniform([2]), .bools([true, false, true]),
        message:
          "in the body of Compress: Gather: the index 2 is out of range for axis 0 of size 2 (expected -2 to 1)"),
    ]
  }
}

extension Size: Sampled {
  public static var samples: [Sample] {
    [
      Sample("a matrix", Size(), .uniform([2, 3]), expected: [.ints([6], [])]),
      Sample("a scalar", Size(), .uniform([]), expected: [.ints([1], [])]),
    ]
  }
}

extension Unique: Sampled {
  public static var samples: [Sample] {
    [
      Sample(
        "sorted", Unique(), .exact(.floats([2, 1, 1, 3, 4, 3])), wanted: .all, outputs: 4,
        expected: [.floats([1, 2, 3, 4]), .ints([1, 0, 3, 4]), .ints([1, 0, 0, 2, 3, 2]), .ints([2, 1, 2, 1])]),
      Sample(
        "as they come", Unique(sorts: false), .exact(.floats([2, 1, 1, 3, 4, 3])), wanted: .all, outputs: 4,
        expected: [.floats([2, 1, 3, 4]), .ints([0, 1, 3, 4]), .ints([0, 1, 1, 2, 3, 2]), .ints([1, 2, 2, 1])]),
      Sample(
        "rows", Unique(axis: 0), .ints([1, 0, 0, 1, 0, 0, 2, 3, 4], [3, 3]), wanted: .all, outputs: 4,
        expected: [.ints([1, 0, 0, 2, 3, 4], [2, 3]), .ints([0, 2]), .ints([0, 0, 1]), .ints([2, 1])]),
      Sample("nothing", Unique(), .ints([], [0])),
    ]
  }

  public static var failures: [Failure] {
    [
      Failure(
        Unique(axis: 1), .uniform([2]),
        message: "Unique: axis 1 is out of range for a tensor of rank 1 (expected -1 to 0)")
    ]
  }
}

extension CastLike: Sampled {
  public static var samples: [Sample] {
    [
      Sample("to whole numbers", CastLike(), .floats([1.5, -2.5], [2]), .ints([]), expected: [.ints([1, -2])]),
      Sample(
        "a float stays", CastLike(), .uniform([3]), .exact(Tensor(elements: [1] as [Double]))),
    ]
  }
}

extension CenterCropPad: Sampled {
  public static var samples: [Sample] {
    [
      Sample("cropped", CenterCropPad(), .floats([1, 2, 3, 4], [4]), .ints([1]), expected: [.floats([2])]),
      Sample(
        "padded, one axis", CenterCropPad(axes: [-1]), .floats([1, 2], [1, 2]), .ints([5]),
        expected: [.floats([0, 1, 2, 0, 0], [1, 5])]),
      Sample("both", CenterCropPad(), .uniform([5, 2]), .ints([2, 3])),
      Sample("two in a batch", CenterCropPad(axes: [1]), .uniform([2, 3]), .ints([2])),
    ]
  }

  public static var failures: [Failure] {
    [
      Failure(
        CenterCropPad(), .uniform([2]), .ints([1, 2]),
        message: "CenterCropPad: the shape is [1, 2], and should have a size for each of 1 axes")
    ]
  }
}
