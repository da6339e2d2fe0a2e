import ThawTensor

extension ZipMap: ValueSampled {
  public static var valueSamples: [ValueSample] {
    [
      ValueSample(
        "two samples", ZipMap(.integers([0, 1])), [.floats([0.25, 0.75, 1, 0], [2, 2])],
        expected: [
          .sequence(
            [
              .map(.ints([0, 1]), [.floats([0.25], []), .floats([0.75], [])]),
              .map(.ints([0, 1]), [.floats([1], []), .floats([0], [])]),
            ], of: .map(key: .int64, value: .tensor(.float32([]))))
        ]),
      ValueSample(
        "a vector", ZipMap(.texts(["a"])), [.floats([2])],
        expected: [
          .sequence([.map(.strings(["a"]), [.floats([2], [])])], of: .map(key: .string, value: .tensor(.float32([]))))
        ]),
    ]
  }
}
