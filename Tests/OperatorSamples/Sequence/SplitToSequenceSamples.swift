import ThawTensor

extension SplitToSequence: ValueSampled {
  public static var valueSamples: [ValueSample] {
    let matrix = Value.floats([1, 2, 3, 4, 5, 6], [2, 3])
    return [
      ValueSample(
        "ones", SplitToSequence(), matrix,
        expected: .sequence(.floats([1, 2, 3], [1, 3]), .floats([4, 5, 6], [1, 3]))),
      ValueSample(
        "without the axis", SplitToSequence(axis: -2, keepsAxis: false), matrix,
        expected: .sequence(.floats([1, 2, 3]), .floats([4, 5, 6]))),
      ValueSample(
        "a size for all", SplitToSequence(axis: 1, keepsAxis: false), matrix, .ints([2], []),
        expected: .sequence(.floats([1, 2, 4, 5], [2, 2]), .floats([3, 6], [2, 1]))),
      ValueSample(
        "sizes", SplitToSequence(axis: 1), matrix, .ints([1, 2]),
        expected: .sequence(.floats([1, 4], [2, 1]), .floats([2, 3, 5, 6], [2, 2]))),
      ValueSample(
        "strings", SplitToSequence(), .strings(["a", "b"]),
        expected: .sequence([.strings(["a"]), .strings(["b"])], of: Value.strings([]).type)),
      ValueSample("nothing", SplitToSequence(), .floats([], [0]), expected: .sequence()),
    ]
  }

  public static var valueFailures: [ValueFailure] {
    [
      ValueFailure(
        SplitToSequence(), .floats([1, 2, 3]), .ints([1, 1]),
        message: "SplitToSequence: the sizes [1, 1] should add up to 3, the size of axis 0"),
      ValueFailure(
        SplitToSequence(), .floats([1, 2, 3]), .ints([0], []),
        message: "SplitToSequence: the size of the parts should be positive and is 0"),
    ]
  }
}
