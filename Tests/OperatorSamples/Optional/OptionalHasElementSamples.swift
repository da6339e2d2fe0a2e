import ThawTensor

extension OptionalHasElement: ValueSampled {
  public static var valueSamples: [ValueSample] {
    [
      ValueSample("there", OptionalHasElement(), .optional(.floats([1]), of: .floats), expected: .bools([true], [])),
      ValueSample("absent", OptionalHasElement(), .optional(nil, of: .floats), expected: .bools([false], [])),
      ValueSample("a tensor", OptionalHasElement(), .floats([1]), expected: .bools([true], [])),
      ValueSample("no input", OptionalHasElement(), expected: .bools([false], [])),
    ]
  }

  public static var valueFailures: [ValueFailure] { [] }
}
