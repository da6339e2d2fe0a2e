import ThawTensor

extension CategoryMapper: ValueSampled {
  public static var valueSamples: [ValueSample] {
    let mapper = CategoryMapper(integers: [10, 20], strings: [Array("a".utf8), Array("b".utf8)])
    return [
      ValueSample("strings", mapper, [.strings(["b", "c"])], expected: [.ints([20, -1])]),
      ValueSample("integers", mapper, [.ints([10, 11])], expected: [.strings(["a", "_Unused"])]),
    ]
  }
}
