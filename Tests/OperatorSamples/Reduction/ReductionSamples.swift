import ThawTensor

/// The rows that every reduction shares; `expected` is that of 1 ... 4 in two columns, along the last axis.
private func reductionSamples(
  _ make: (ReductionOptions) -> any Operator, expected: [Float], around center: Double = 0.03
) -> [Sample] {
  [
    Sample(
      "last axis", make(.init(keepDims: false)), .floats([1, 2, 3, 4], [2, 2]), .ints([-1]),
      expected: [.floats(expected)]),
    Sample("all axes", make(.init()), .distinct([2, 3], around: center)),
    Sample("all axes, to a scalar", make(.init(keepDims: false)), .distinct([2, 3], around: center)),
    Sample("two of three axes, kept", make(.init()), .distinct([2, 3, 2], around: center), .ints([0, -1])),
    Sample(
      "no axes", make(.init(keepDims: true, noopWithEmptyAxes: true)), .distinct([2, 3], around: center), .ints([])),
    Sample("a scalar", make(.init()), .floats([1.25], [])),
  ]
}

extension ReduceSum: Sampled {
  public static var samples: [Sample] {
    reductionSamples({ ReduceSum(options: $0) }, expected: [3, 7]) + [
      Sample("integers", ReduceSum(options: .init()), .ints([1, 2, 3]), expected: [.ints([6])]),
      Sample(
        "nothing", ReduceSum(options: .init()), .uniform([2, 0]), .ints([1]), expected: [.floats([0, 0], [2, 1])]),
    ]
  }

  public static var failures: [Failure] {
    [
      Failure(
        ReduceSum(options: .init()), .uniform([2, 3]), .ints([2]),
        message: "ReduceSum: axis 2 is out of range for a tensor of rank 2 (expected -2 to 1)"),
      Failure(
        ReduceSum(options: .init()), .uniform([2, 3]), .ints([1, -1]),
        message: "ReduceSum: axis 1 is given twice in [1, -1]"),
    ]
  }
}

extension ReduceMean: Sampled {
  public static var samples: [Sample] {
    reductionSamples({ ReduceMean(options: $0) }, expected: [1.5, 3.5]) + [
      Sample("first axis", ReduceMean(options: .init()), .uniform([3, 2]), .ints([0]))
    ]
  }
}

extension ReduceMax: Sampled {
  public static var samples: [Sample] {
    reductionSamples({ ReduceMax(options: $0) }, expected: [2, 4]) + [
      Sample(
        "ties and what is no number", ReduceMax(options: .init(keepDims: false)),
        .exact(.floats([1, 5, 5, .nan, 2, 3], [2, 3])), .ints([1]), expected: [.floats([5, .nan])]),
      Sample(
        "truth values", ReduceMax(options: .init(keepDims: false)), .bools([false, true, false, false], [2, 2]),
        .ints([1]), expected: [.bools([true, false])]),
      Sample(
        "nothing, in a byte with a sign", ReduceMax(options: .init(keepDims: false)),
        .exact(.zeros([2, 0], dtype: .int8)), .ints([1]), expected: [Tensor(elements: [-128, -128] as [Int8])]),
    ]
  }
}

extension ReduceMin: Sampled {
  public static var samples: [Sample] {
    reductionSamples({ ReduceMin(options: $0) }, expected: [1, 3])
  }
}

extension ReduceProd: Sampled {
  public static var samples: [Sample] {
    reductionSamples({ ReduceProd(options: $0) }, expected: [2, 12], around: 1.03) + [
      Sample("nothing", ReduceProd(options: .init()), .uniform([0]), expected: [.floats([1])]),
      Sample("with a zero", ReduceProd(options: .init()), .floats([2, 0, 3, 0.5], [4]), expected: [.floats([0], [1])]),
      Sample(
        "with zeros, along an axis", ReduceProd(options: .init(keepDims: false)),
        .floats([2, 0, 0, 3, 0, 1.5], [2, 3]),
        .ints([1]), expected: [.floats([0, 0])]),
    ]
  }
}

extension ReduceL1: Sampled {
  public static var samples: [Sample] {
    reductionSamples({ ReduceL1(options: $0) }, expected: [3, 7])
  }
}

extension ReduceL2: Sampled {
  public static var samples: [Sample] {
    reductionSamples({ ReduceL2(options: $0) }, expected: [2.2360680, 5], around: 1.03)
  }
}

extension ReduceSumSquare: Sampled {
  public static var samples: [Sample] {
    reductionSamples({ ReduceSumSquare(options: $0) }, expected: [5, 25])
  }
}

extension ReduceLogSum: Sampled {
  public static var samples: [Sample] {
    reductionSamples({ ReduceLogSum(options: $0) }, expected: [1.0986123, 1.9459101], around: 1.03)
  }
}

extension ReduceLogSumExp: Sampled {
  public static var samples: [Sample] {
    reductionSamples({ ReduceLogSumExp(options: $0) }, expected: [2.3132617, 4.3132617])
  }
}

extension ArgMax: Sampled {
  public static var samples: [Sample] {
    [
      Sample(
        "first of ties", ArgMax(axis: 1), .exact(.floats([2, 2, 1, 3, 10, 10], [2, 3])),
        expected: [.ints([0, 1], [2, 1])]),
      Sample(
        "last of ties", ArgMax(axis: -1, keepDims: false, selectsLast: true),
        .exact(.floats([2, 2, 1, 3, 10, 10], [2, 3])), expected: [.ints([1, 2])]),
      Sample("first axis", ArgMax(), .ints([1, 5, 4, 2], [2, 2]), expected: [.ints([1, 0], [1, 2])]),
    ]
  }

  public static var failures: [Failure] {
    [
      Failure(
        ArgMax(axis: 1), .uniform([2, 0]),
        message: "ArgMax: axis 1 is empty in a tensor of shape [2, 0]; there is no element to point to"),
      Failure(
        ArgMax(axis: 1), .uniform([2]),
        message: "ArgMax: axis 1 is out of range for a tensor of rank 1 (expected -1 to 0)"),
    ]
  }
}

extension ArgMin: Sampled {
  public static var samples: [Sample] {
    [
      Sample(
        "first of ties", ArgMin(axis: 1), .exact(.floats([2, 1, 1, 3, 10, 3], [2, 3])),
        expected: [.ints([1, 0], [2, 1])]),
      Sample(
        "last of ties", ArgMin(axis: 1, keepDims: false, selectsLast: true),
        .exact(.floats([2, 1, 1, 3, 10, 3], [2, 3])), expected: [.ints([2, 2])]),
    ]
  }
}
