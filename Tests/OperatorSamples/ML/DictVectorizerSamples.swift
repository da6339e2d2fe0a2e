import ThawTensor

extension DictVectorizer: ValueSampled {
  public static var valueSamples: [ValueSample] {
    [
      ValueSample(
        "strings to numbers", DictVectorizer(.texts(["a", "b", "c"])),
        [.map(.strings(["c", "a", "z"]), [.floats([3], []), .floats([1], []), .floats([9], [])])],
        expected: [.floats([1, 0, 3], [1, 3])]),
      ValueSample(
        "integers to strings", DictVectorizer(.integers([1, 2])), [.map(.ints([2]), [.strings(["b"], [])])],
        expected: [.strings(["", "b"], [1, 2])]),
    ]
  }
}
