import ThawTensor

extension RegexFullMatch: ValueSampled {
  /// Patterns with texts that match and texts that do not.
  private static let cases: [(String, yes: [String], no: [String])] = [
    ("", [""], ["a"]),
    ("a|bc|", ["a", "bc", ""], ["b", "abc"]),
    ("(ab)*c+?d?", ["c", "ababccd"], ["abab", "abcdd"]),
    ("a{2}b{0,2}c{1,}", ["aac", "aabbcc"], ["ac", "aabbbc"]),
    ("[a-c\\]x-]+", ["abc]x-"], ["d", ""]),
    ("[^[:digit:]\\s]+", ["äb"], ["a1", "a b"]),
    ("\\d\\D\\w\\W", ["1a_-"], ["1a__"]),
    ("(?i)straße(?-i)X", ["STRAßEX"], ["straßex"]),
    (".+", ["abü"], ["a\nb"]),
    ("(?s:.+)", ["a\nb"], [""]),
    ("(?m)a$\\n^b", ["a\nb"], ["ab"]),
    ("\\bab\\b.*", ["ab", "ab c"], ["abc"]),
    ("\\p{Lu}\\pN\\P{L}", ["Ä1."], ["ä1."]),
    ("\\x41\\x{1F600}\\Q.*\\E", ["A\u{1F600}.*"], ["A\u{1F600}xx"]),
    // Takes forever where every way is tried.
    ("(a*)*(a|aa)+b", [String(repeating: "a", count: 40) + "b"], [String(repeating: "a", count: 40)]),
    ("a{,2}", ["a{,2}"], ["aa"]),
  ]

  public static var valueSamples: [ValueSample] {
    cases.compactMap { pattern, yes, no in
      guard let operation = try? RegexFullMatch(pattern: pattern) else { return nil }
      return ValueSample(
        pattern, operation, .strings(yes + no), expected: .bools(yes.map { _ in true } + no.map { _ in false }))
    }
  }

  public static var valueFailures: [ValueFailure] {
    let operation: any Operator = (try? RegexFullMatch(pattern: "a")) ?? Identity()
    return [
      ValueFailure(
        operation, .floats([1]), message: "RegexFullMatch: input 0 (X) should hold strings and is float32[1]")
    ]
  }
}
