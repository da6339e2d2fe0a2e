import ThawTensor

private func samples(_ make: (_ exclusive: Bool, _ reverse: Bool) -> any Operator, _ expected: [[Float]]) -> [Sample] {
  let numbers: SampleInput = .floats([1, 2, 3, 4], [4])
  return [
    Sample("from the front", make(false, false), numbers, .ints([0], []), expected: [.floats(expected[0])]),
    Sample("exclusive", make(true, false), numbers, .ints([0], []), expected: [.floats(expected[1])]),
    Sample("from the end", make(false, true), numbers, .ints([-1]), expected: [.floats(expected[2])]),
    Sample("exclusive, from the end", make(true, true), numbers, .ints([0], []), expected: [.floats(expected[3])]),
    Sample("the middle axis", make(false, false), .uniform([2, 3, 2]), .ints([1], [])),
    Sample("the last axis, exclusive, backwards", make(true, true), .uniform([2, 3]), .ints([-1], [])),
    Sample("with zeros", make(false, false), .floats([1, 0, 3, 0, 2], [5]), .ints([0], [])),
    Sample("nothing", make(true, false), .uniform([2, 0]), .ints([1], [])),
  ]
}

extension CumSum: Sampled {
  public static var samples: [Sample] {
    OperatorSamples.samples(
      { CumSum(exclusive: $0, reverse: $1) }, [[1, 3, 6, 10], [0, 1, 3, 6], [10, 9, 7, 4], [9, 7, 4, 0]]) + [
        Sample(
          "integers", CumSum(), .ints([1, 2, 3]), .exact(Tensor(elements: [0] as [Int32], shape: [])),
          expected: [.ints([1, 3, 6])])
      ]
  }

  public static var failures: [Failure] {
    [
      Failure(
        CumSum(), .uniform([2, 3]), .ints([2], []),
        message: "CumSum: axis 2 is out of range for a tensor of rank 2 (expected -2 to 1)"),
      Failure(
        CumSum(), .uniform([2, 3]), .ints([0, 1]),
        message: "CumSum: the axis should be one number and has the shape [2]"),
      Failure(
        CumSum(), .bools([true]), .ints([0], []), message: "CumSum: x is bool[1], and only numbers are summed up"),
    ]
  }
}

extension CumProd: Sampled {
  public static var samples: [Sample] {
    OperatorSamples.samples(
      { CumProd(exclusive: $0, reverse: $1) }, [[1, 2, 6, 24], [1, 1, 2, 6], [24, 24, 12, 4], [24, 12, 4, 1]])
  }
}
