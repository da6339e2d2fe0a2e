import ThawTensor

extension OptionalGetElement: ValueSampled {
  public static var valueSamples: [ValueSample] {
    [
      ValueSample("there", OptionalGetElement(), .optional(.floats([1]), of: .floats), expected: .floats([1])),
      ValueSample(
        "a sequence", OptionalGetElement(), .sequence(.floats([1])), expected: .sequence(.floats([1]))),
    ]
  }

  public static var valueFailures: [ValueFailure] {
    [
      ValueFailure(
        OptionalGetElement(), .optional(nil, of: .floats),
        message: "OptionalGetElement: the input, an optional float32[…], is absent")
    ]
  }
}
