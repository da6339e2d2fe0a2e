import ThawTensor

extension StringNormalizer: ValueSampled {
  public static var valueSamples: [ValueSample] {
    let days = Value.texts(["Monday", "tuesday", "MONDAY"])
    return [
      ValueSample("as it is", StringNormalizer(), days, expected: days),
      ValueSample(
        "lower, without a word in any case", StringNormalizer(caseChange: .lower, stopwords: ["monday"]), days,
        expected: .texts(["tuesday"])),
      ValueSample(
        "upper, without a word in this case",
        StringNormalizer(caseChange: .upper, isCaseSensitive: true, stopwords: ["Monday"]),
        .texts(["Monday", "tuesday"], [1, 2]), expected: .texts(["TUESDAY"], [1, 1])),
      ValueSample("nothing left", StringNormalizer(stopwords: ["a"]), .texts(["A"]), expected: .texts([""])),
    ]
  }

  public static var valueFailures: [ValueFailure] {
    [
      ValueFailure(
        StringNormalizer(), .texts(["a", "b"], [2, 1]),
        message: "StringNormalizer: the input should be [C] or [1, C] and is string[2, 1]")
    ]
  }
}
