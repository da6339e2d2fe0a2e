import ThawTensor

extension SequenceLength: ValueSampled {
  public static var valueSamples: [ValueSample] {
    [
      ValueSample("two", SequenceLength(), .sequence(.floats([1]), .floats([2])), expected: .ints([2], [])),
      ValueSample("none", SequenceLength(), .sequence(), expected: .ints([0], [])),
    ]
  }

  public static var valueFailures: [ValueFailure] {
    [ValueFailure(SequenceLength(), message: "SequenceLength: input 0 (input_sequence) is missing")]
  }
}
