import ThawTensor

extension SequenceAt: ValueSampled {
  public static var valueSamples: [ValueSample] {
    let sequence = Value.sequence(.floats([1]), .floats([2, 3]))
    return [
      ValueSample("first", SequenceAt(), sequence, .ints([0], []), expected: .floats([1])),
      ValueSample("last", SequenceAt(), sequence, .ints([-1], []), expected: .floats([2, 3])),
    ]
  }

  public static var valueFailures: [ValueFailure] {
    [
      ValueFailure(
        SequenceAt(), .sequence(.floats([1])), .ints([1], []),
        message: "SequenceAt: position 1 is out of range (expected -1 to 0)"),
      ValueFailure(
        SequenceAt(), .sequence(.floats([1])), .floats([0]),
        message: "SequenceAt: the position should be one int32 or int64 and is float32[1]"),
      ValueFailure(
        SequenceAt(), .floats([1]), .ints([0], []),
        message: "SequenceAt: input 0 (input_sequence) should be a sequence and is float32[1]"),
      ValueFailure(SequenceAt(), .sequence(), message: "SequenceAt: input 1 (position) is missing"),
    ]
  }
}
