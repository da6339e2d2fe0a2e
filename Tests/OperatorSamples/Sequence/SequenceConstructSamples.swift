import ThawTensor

extension SequenceConstruct: ValueSampled {
  public static var valueSamples: [ValueSample] {
    [
      ValueSample(
        "two shapes", SequenceConstruct(), .floats([1]), .floats([2, 3]),
        expected: .sequence(.floats([1]), .floats([2, 3])))
    ]
  }

  public static var valueFailures: [ValueFailure] {
    [
      ValueFailure(
        SequenceConstruct(), .floats([1]), .ints([1]),
        message: "SequenceConstruct: a sequence of float32[1] cannot hold int64[1]"),
      ValueFailure(SequenceConstruct(), message: "SequenceConstruct: no inputs are given"),
    ]
  }
}
