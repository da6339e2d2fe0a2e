import ThawTensor

extension ConcatFromSequence: ValueSampled {
  public static var valueSamples: [ValueSample] {
    [
      ValueSample(
        "along an axis", ConcatFromSequence(axis: 0), .sequence(.floats([1]), .floats([2, 3])),
        expected: .floats([1, 2, 3])),
      ValueSample(
        "along a new last axis", ConcatFromSequence(axis: -1, isNewAxis: true),
        .sequence(.floats([1, 2]), .floats([3, 4])), expected: .floats([1, 3, 2, 4], [2, 2])),
    ]
  }

  public static var valueFailures: [ValueFailure] {
    [
      ValueFailure(
        ConcatFromSequence(axis: 0), .sequence(), message: "ConcatFromSequence: the sequence has no elements"),
      ValueFailure(
        ConcatFromSequence(axis: 1), .sequence(.floats([1])),
        message:
          "in the body of ConcatFromSequence: Concat: axis 1 is out of range for a tensor of rank 1 (expected -1 to 0)"),
    ]
  }
}
