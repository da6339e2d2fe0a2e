import ThawTensor

extension CastMap: ValueSampled {
  public static var valueSamples: [ValueSample] {
    let map = Value.map(.ints([3, 1]), [.floats([2.5], []), .floats([-1], [])])
    return [
      ValueSample("dense", CastMap(), [map], expected: [.floats([-1, 2.5], [1, 2])]),
      ValueSample(
        "sparse, to integers", CastMap(to: .int64, length: 5), [map], expected: [.ints([0, -1, 0, 2, 0], [1, 5])]),
      ValueSample(
        "strings to numbers", CastMap(), [.map(.ints([0]), [.strings(["1.5"], [])])],
        expected: [.floats([1.5], [1, 1])]),
    ]
  }
}
