import ThawTensor

extension StringNormalizer: ValueSampled {
  public static var valueSamples: [ValueSample] {
    let days = Value.strings(["Monday", "tuesday", "MONDAY"])
    return [
      ValueSample("as it is", StringNormalizer(), days, expected: days),
      ValueSample(
        "lower, without a word in any case", StringNormalizer(caseChange: .lower, stopwords: ["monday"]), days,
        expected: .strings(["tuesday"])),
      ValueSample(
        "upper, without a word in this case",
        StringNormalizer(caseChange: .upper, isCaseSensitive: true, stopwords: ["Monday"]),
        .strings(["Monday", "tuesday"], [1, 2]), expected: .strings(["TUESDAY"], [1, 1])),
      ValueSample("nothing left", StringNormalizer(stopwords: ["a"]), .strings(["A"]), expected: .strings([""])),
    ]
  }

  public static var valueFailures: [ValueFailure] {
    [
      ValueFailure(
        StringNormalizer(), .strings(["a", "b"], [2, 1]),
        message: "StringNormalizer: the input should be [C] or [1, C] and is string[2, 1]")
    ]
  }
}
