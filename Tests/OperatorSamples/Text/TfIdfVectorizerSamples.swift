import ThawTensor

extension TfIdfVectorizer: ValueSampled {
  /// Decoded, as there is no other way to one.
  private static func vectorizer(_ mode: String, skips: Int, weights: [Float] = []) -> any Operator {
    var attributes: [String: Attribute] = [
      "mode": .text(mode), "min_gram_length": .int(1), "max_gram_length": .int(2), "max_skip_count": .int(skips),
      "ngram_counts": .ints([0, 2]), "ngram_indexes": .ints([0, 1, 3]),
      "pool_strings": .strings(
        ["a", "b", "a", "c"].map { Array($0.utf8) }),
    ]
    if !weights.isEmpty { attributes["weights"] = .floats(weights) }
    let node = NodeReader(
      name: "TfIdfVectorizer", version: 9, attributes: attributes, presentInputs: [true], outputCount: 1)
    return (try? TfIdfVectorizer(node)) ?? Identity()
  }

  public static var valueSamples: [ValueSample] {
    let words = Value.strings(["a", "b", "c", "a", "c", "a"])
    return [
      ValueSample("counts", vectorizer("TF", skips: 0), words, expected: .floats([3, 1, 0, 1])),
      ValueSample("counts with a skip", vectorizer("TF", skips: 1), words, expected: .floats([3, 1, 0, 2])),
      ValueSample("presence", vectorizer("IDF", skips: 0), words, expected: .floats([1, 1, 0, 1])),
      ValueSample(
        "weighted rows", vectorizer("TFIDF", skips: 0, weights: [2, 3, 5]),
        .strings(["a", "c", "a", "a"], [2, 2]), expected: .floats([2, 0, 0, 5, 4, 0, 0, 0], [2, 4])),
    ]
  }

  public static var valueFailures: [ValueFailure] {
    [
      ValueFailure(
        vectorizer("TF", skips: 0), .ints([1]),
        message:
          "TfIdfVectorizer: the input should be [C] or [N, C] of tokens as in the pool and is int64[1]")
    ]
  }
}
