import ThawTensor

extension SequenceInsert: ValueSampled {
  public static var valueSamples: [ValueSample] {
    let sequence = Value.sequence(.floats([1]), .floats([2]))
    return [
      ValueSample(
        "at the end", SequenceInsert(), sequence, .floats([3, 4]),
        expected: .sequence(.floats([1]), .floats([2]), .floats([3, 4]))),
      ValueSample(
        "before the last", SequenceInsert(), sequence, .floats([3]), .ints([-1], []),
        expected: .sequence(.floats([1]), .floats([3]), .floats([2]))),
      ValueSample(
        "at the end by number", SequenceInsert(), sequence, .floats([3]), .ints([2]),
        expected: .sequence(.floats([1]), .floats([2]), .floats([3]))),
    ]
  }

  public static var valueFailures: [ValueFailure] {
    [
      ValueFailure(
        SequenceInsert(), .sequence(.floats([1])), .floats([3]), .ints([2]),
        message: "SequenceInsert: position 2 is out of range (expected -1 to 1)"),
      ValueFailure(
        SequenceInsert(), .sequence(.floats([1])), .ints([3]),
        message: "SequenceInsert: a sequence of float32[…] cannot hold int64[1]"),
    ]
  }
}
