import ThawTensor
import ThawTypes

extension LabelEncoder: Sampled {
  public static var samples: [Sample] {
    [
      Sample(
        "integers to floats", LabelEncoder(keys: .integers([1, 3]), values: .floats([0.5, 2])), .ints([3, 1, 2]),
        expected: [.floats([2, 0.5, 0])]),
      Sample(
        "floats, NaN among them",
        LabelEncoder(keys: .floats([.nan, 1]), values: .integers([7, 8]), fallback: .integers([9])),
        .exact(.floats([1, .nan, 4])), expected: [.ints([8, 7, 9])]),
      Sample(
        "int32 to float64", LabelEncoder(keys: .integers([4], .int32), values: .floats([1.5], .float64)),
        .exact(Tensor(elements: [4, 5] as [Int32])), expected: [Tensor(elements: [1.5, -0.0])]),
    ]
  }
  public static var failures: [Failure] {
    [
      Failure(
        LabelEncoder(keys: .integers([4]), values: .integers([4])), .exact(.floats([1])),
        message: "LabelEncoder: X is of type float32, and the keys are of type int64")
    ]
  }
}

extension LabelEncoder: ValueSampled {
  public static var valueSamples: [ValueSample] {
    let first = LabelEncoder(classes: [Array("a".utf8), Array("b".utf8)])
    return [
      ValueSample("version 1, strings", first, [.strings(["b", "c"])], expected: [.ints([1, -1])]),
      ValueSample("version 1, places", first, [.ints([1, 2])], expected: [.strings(["b", "_Unused"])]),
      ValueSample(
        "strings to strings", LabelEncoder(keys: .texts(["x"]), values: .texts(["y"])),
        [.strings(["x", "z"], [2, 1])],
        expected: [.strings(["y", "_Unused"], [2, 1])]),
    ]
  }
}
