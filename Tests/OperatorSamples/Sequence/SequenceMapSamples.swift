import ThawTensor

extension SequenceMap: ValueSampled {
  private static let scaled = SequenceMap(
    SwiftBody(inputs: [.floats, .floats], captures: 1, outputs: [.floats]) { inputs, captured in
      [inputs[0] * inputs[1] + captured[0]]
    })

  public static var valueSamples: [ValueSample] {
    let sequence = Value.sequence(.floats([1]), .floats([2, 3]))
    return [
      ValueSample(
        "a tensor for all, a captured one", scaled, sequence, .floats([10]), .floats([1]),
        expected: .sequence(.floats([11]), .floats([21, 31]))),
      ValueSample(
        "two sequences", scaled, sequence, sequence, .floats([0]),
        expected: .sequence(.floats([1]), .floats([4, 9]))),
    ]
  }

  public static var valueFailures: [ValueFailure] {
    [
      ValueFailure(
        scaled, .sequence(.floats([1])), .sequence(), .floats([1]),
        message: "SequenceMap: input 0 has 1 elements and input 1 has 0"),
      ValueFailure(
        scaled, .sequence(.floats([1])), .floats([1]),
        message: "SequenceMap: the value 'captured0', which body reads, is missing"),
    ]
  }
}
