import ThawTensor

extension StringConcat: ValueSampled {
  public static var valueSamples: [ValueSample] {
    [
      ValueSample(
        "broadcast", StringConcat(), .texts(["a", "b"]), .texts(["x", "ü"], [2, 1]),
        expected: .texts(["ax", "bx", "aü", "bü"], [2, 2]))
    ]
  }

  public static var valueFailures: [ValueFailure] {
    [
      ValueFailure(
        StringConcat(), .texts(["a"]), .floats([1]),
        message: "StringConcat: input 1 (Y) should hold strings and is float32[1]")
    ]
  }
}
