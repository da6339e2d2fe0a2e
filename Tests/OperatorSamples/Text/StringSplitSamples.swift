import ThawTensor

extension StringSplit: ValueSampled {
  public static var valueSamples: [ValueSample] {
    [
      ValueSample(
        "at white space", StringSplit(), .strings([" a  b ", "c"]),
        expected: .strings(["a", "b", "c", ""], [2, 2]), .ints([2, 1])),
      ValueSample(
        "at a delimiter", StringSplit(delimiter: Array("--".utf8)), .strings(["a--b----c", ""]),
        expected: .strings(["a", "b", "", "c", "", "", "", ""], [2, 4]), .ints([4, 0])),
      ValueSample(
        "one split", StringSplit(delimiter: Array(".".utf8), maxSplit: 1), .strings(["a.b.c"]),
        expected: .strings(["a", "b.c"], [1, 2]), .ints([2])),
      ValueSample(
        "one split at white space", StringSplit(maxSplit: 1), .strings([" a b  c "]),
        expected: .strings(["a", "b  c"], [1, 2]), .ints([2])),
    ]
  }

  public static var valueFailures: [ValueFailure] {
    [
      ValueFailure(
        StringSplit(), .ints([1]), message: "StringSplit: input 0 (X) should hold strings and is int64[1]")
    ]
  }
}
