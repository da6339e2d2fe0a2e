import ThawTensor

extension StringConcat: ValueSampled {
  public static var valueSamples: [ValueSample] {
    [
      ValueSample(
        "broadcast", StringConcat(), .strings(["a", "b"]), .strings(["x", "ü"], [2, 1]),
        expected: .strings(["ax", "bx", "aü", "bü"], [2, 2]))
    ]
  }

  public static var valueFailures: [ValueFailure] {
    [
      ValueFailure(
        StringConcat(), .strings(["a"]), .floats([1]),
        message: "StringConcat: input 1 (Y) should hold strings and is float32[1]")
    ]
  }
}
