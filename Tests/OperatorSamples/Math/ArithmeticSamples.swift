import ThawTensor

extension Sub: Sampled {
  public static var samples: [Sample] {
    [
      Sample(
        "vectors", Sub(), .floats([1, 2, 3], [3]), .floats([3, 2, 1], [3]), expected: [.floats([-2, 0, 2])]),
      Sample("broadcast", Sub(), .uniform([2, 1, 3]), .uniform([4, 1])),
      Sample("integers", Sub(), .ints([5, 1]), .ints([2]), expected: [.ints([3, -1])]),
    ]
  }
}

extension Mul: Sampled {
  public static var samples: [Sample] {
    [
      Sample("vectors", Mul(), .floats([1, 2, 3], [3]), .floats([4, 5, 6], [3]), expected: [.floats([4, 10, 18])]),
      Sample("broadcast", Mul(), .uniform([2, 1, 3]), .uniform([4, 1])),
      Sample("integers", Mul(), .ints([5, 1]), .ints([2]), expected: [.ints([10, 2])]),
    ]
  }
}

extension Div: Sampled {
  public static var samples: [Sample] {
    [
      Sample("vectors", Div(), .floats([3, 4], [2]), .floats([1, 2], [2]), expected: [.floats([3, 2])]),
      Sample("broadcast", Div(), .uniform([2, 1, 3]), .uniform([4, 1], 0.5...2)),
      Sample(
        "integers truncate, by zero they give zero", Div(), .ints([7, -7, 7, Int.min]), .ints([2, 2, 0, -1]),
        expected: [.ints([3, -3, 0, Int.min])]),
    ]
  }
}

extension Pow: Sampled {
  public static var samples: [Sample] {
    [
      Sample(
        "vectors", Pow(), .floats([1, 2, 3], [3]), .floats([4, 5, 6], [3]), expected: [.floats([1, 32, 729])]),
      Sample("broadcast, positive bases", Pow(), .uniform([2, 1, 3], 0.5...2), .uniform([4, 1])),
      Sample("negative bases, whole exponents", Pow(), .uniform([5], -2 ... -0.5), .ints([0, 1, 2, 3, -2])),
      Sample("exponent of another type", Pow(), .uniform([2, 2], 0.5...2), .exact(.floats([0, 0.5, 2, 3], [2, 2]))),
      Sample(
        "integer base, float exponent", Pow(), .ints([1, 2, 9]), .exact(.floats([4, 5, 0.5])),
        expected: [.ints([1, 32, 3])]),
      Sample(
        "zeros", Pow(), .exact(.floats([0, 0, 0])), .exact(.floats([0, 2, -1])),
        expected: [.floats([1, 0, .infinity])]),
      Sample("integers", Pow(), .ints([2, -3]), .ints([10, 3]), expected: [.ints([1024, -27])]),
    ]
  }

  public static var failures: [Failure] {
    [
      Failure(
        Pow(), .uniform([2]), .uniform([3]),
        message: "Pow: the shapes [2] and [3] do not broadcast: counted from the last, dimensions must be equal or 1")
    ]
  }
}

extension Mod: Sampled {
  public static var samples: [Sample] {
    [
      Sample(
        "the divisor's sign", Mod(), .ints([-4, 7, 5, 4, -7, 8]), .ints([2, -3, 8, -2, 3, 5]),
        expected: [.ints([0, -2, 5, 0, 2, 3])]),
      Sample(
        "the dividend's sign", Mod(truncates: true), .exact(.floats([-4.3, 7.2, 5, 4.3, -7.2, 8])),
        .exact(.floats([2.1, -3.4, 8, -2.1, 3.4, 5])), expected: [.floats([-0.1, 0.4, 5, 0.1, -0.4, 3])]),
      Sample("apart from the jumps", Mod(), .floats([0.5, 2.7, -1.3], [3]), .floats([1, 1.1, -0.7], [3])),
      Sample("truncated, broadcast", Mod(truncates: true), .floats([5.2, -2.7], [2, 1]), .floats([2, 1.1], [2])),
      Sample("by zero", Mod(), .ints([3]), .ints([0]), expected: [.ints([0])]),
    ]
  }
}

extension Sum: Sampled {
  public static var samples: [Sample] {
    [
      Sample(
        "three", Sum(), .floats([3, 0, 2], [3]), .floats([1, 3, 4], [3]), .floats([2, 6, 6], [3]),
        expected: [.floats([6, 9, 12])]),
      Sample("one", Sum(), .uniform([2, 3])),
      Sample("broadcast", Sum(), .uniform([2, 3]), .uniform([]), .uniform([4, 1, 1])),
    ]
  }

  public static var failures: [Failure] { [Failure(Sum(), message: "Sum: input 0 (data_0) is missing")] }
}

extension Mean: Sampled {
  public static var samples: [Sample] {
    [
      Sample(
        "three", Mean(), .floats([3, 0, 2], [3]), .floats([1, 3, 4], [3]), .floats([2, 6, 6], [3]),
        expected: [.floats([2, 3, 4])]),
      Sample("one", Mean(), .uniform([2, 3])),
      Sample("broadcast", Mean(), .uniform([2, 3]), .uniform([]), .uniform([4, 1, 1])),
    ]
  }
}

extension Max: Sampled {
  public static var samples: [Sample] {
    [
      Sample(
        "three", Max(), .exact(.floats([3, 2, 1])), .exact(.floats([1, 4, 4])), .exact(.floats([2, 5, 3])),
        expected: [.floats([3, 5, 4])]),
      Sample("apart from ties", Max(), .distinct([2, 3]), .distinct([4, 1, 3], around: 0.02)),
      Sample("one", Max(), .uniform([3])),
      Sample("integers", Max(), .ints([1, 9]), .ints([5]), expected: [.ints([5, 9])]),
    ]
  }

  public static var failures: [Failure] {
    [
      Failure(
        Max(), .uniform([2]), .ints([1]),
        message: "Max: the inputs are float32 and int64; ONNX has no promotion: cast one with Cast (cast(to:))")
    ]
  }
}

extension Min: Sampled {
  public static var samples: [Sample] {
    [
      Sample(
        "three", Min(), .exact(.floats([3, 2, 1])), .exact(.floats([1, 4, 4])), .exact(.floats([2, 5, 0])),
        expected: [.floats([1, 2, 0])]),
      Sample("apart from ties", Min(), .distinct([2, 3]), .distinct([4, 1, 3], around: 0.02)),
      Sample(
        "not a number", Min(), .exact(.floats([.nan, 1])), .exact(.floats([1, .nan])),
        expected: [.floats([.nan, .nan])]),
    ]
  }
}
