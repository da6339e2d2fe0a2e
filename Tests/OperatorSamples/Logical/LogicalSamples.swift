import ThawTensor

extension And: Sampled {
  public static var samples: [Sample] {
    [
      Sample(
        "table", And(), .bools([false, true], [2, 1]), .bools([false, true]),
        expected: [.bools([false, false, false, true], [2, 2])])
    ]
  }

  public static var failures: [Failure] {
    [Failure(And(), .bools([true]), .ints([1]), message: "And: the inputs should be bool, and one is int64")]
  }
}

extension Or: Sampled {
  public static var samples: [Sample] {
    [
      Sample(
        "table", Or(), .bools([false, true], [2, 1]), .bools([false, true]),
        expected: [.bools([false, true, true, true], [2, 2])])
    ]
  }

  public static var failures: [Failure] {
    [Failure(Or(), .bools([true]), .ints([1]), message: "Or: the inputs should be bool, and one is int64")]
  }
}

extension Xor: Sampled {
  public static var samples: [Sample] {
    [
      Sample(
        "table", Xor(), .bools([false, true], [2, 1]), .bools([false, true]),
        expected: [.bools([false, true, true, false], [2, 2])])
    ]
  }

  public static var failures: [Failure] {
    [Failure(Xor(), .bools([true]), .ints([1]), message: "Xor: the inputs should be bool, and one is int64")]
  }
}

extension Not: Sampled {
  public static var samples: [Sample] {
    [Sample("table", Not(), .bools([false, true]), expected: [.bools([true, false])])]
  }

  public static var failures: [Failure] {
    [Failure(Not(), .ints([1]), message: "Not: the input should be bool and is int64")]
  }
}

extension IsNaN: Sampled {
  public static var samples: [Sample] {
    [Sample("values", IsNaN(), .exact(.floats([.nan, 1, .infinity])), expected: [.bools([true, false, false])])]
  }
}

extension IsInf: Sampled {
  private static var values: SampleInput { .exact(.floats([-.infinity, .nan, 1, .infinity])) }

  public static var samples: [Sample] {
    [
      Sample("both", IsInf(), values, expected: [.bools([true, false, false, true])]),
      Sample("positive", IsInf(detectsNegative: false), values, expected: [.bools([false, false, false, true])]),
      Sample("negative", IsInf(detectsPositive: false), values, expected: [.bools([true, false, false, false])]),
      Sample(
        "neither", IsInf(detectsNegative: false, detectsPositive: false), values,
        expected: [.bools([false, false, false, false])]),
    ]
  }
}
