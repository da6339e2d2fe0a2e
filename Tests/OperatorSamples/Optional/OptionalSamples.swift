import ThawTensor

extension OptionalOperator: ValueSampled {
  public static var valueSamples: [ValueSample] {
    [
      ValueSample("a tensor", OptionalOperator(), .floats([1]), expected: .optional(.floats([1]), of: .floats)),
      ValueSample("absent", OptionalOperator(.sequence(.floats)), expected: .optional(nil, of: .sequence(.floats))),
    ]
  }

  public static var valueFailures: [ValueFailure] {
    [
      ValueFailure(
        OptionalOperator(), message: "Optional: there is neither an input nor the attribute 'type'")
    ]
  }
}
