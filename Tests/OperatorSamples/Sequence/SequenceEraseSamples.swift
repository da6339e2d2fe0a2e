import ThawTensor

extension SequenceErase: ValueSampled {
  public static var valueSamples: [ValueSample] {
    let sequence = Value.sequence(.floats([1]), .floats([2]))
    return [
      ValueSample("the last", SequenceErase(), sequence, expected: .sequence(.floats([1]))),
      ValueSample("the first", SequenceErase(), sequence, .ints([-2], []), expected: .sequence(.floats([2]))),
    ]
  }

  public static var valueFailures: [ValueFailure] {
    [
      ValueFailure(SequenceErase(), .sequence(), message: "SequenceErase: the sequence has no elements"),
      ValueFailure(
        SequenceErase(), .sequence(.floats([1])), .ints([-2]),
        message: "SequenceErase: position -2 is out of range (expected -1 to 0)"),
    ]
  }
}
