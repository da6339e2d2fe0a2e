import ThawTensor

extension RangeOperator: Sampled {
  private static func floats(_ value: Float) -> SampleInput { .exact(.floats([value], [])) }
  private static func ints(_ value: Int) -> SampleInput { .ints([value], []) }

  public static var samples: [Sample] {
    [
      Sample("upwards", RangeOperator(), ints(3), ints(9), ints(3), expected: [.ints([3, 6])]),
      Sample("downwards", RangeOperator(), ints(10), ints(4), ints(-2), expected: [.ints([10, 8, 6])]),
      Sample("none", RangeOperator(), ints(1), ints(1), ints(1), expected: [.ints([])]),
      Sample("floats", RangeOperator(), floats(1), floats(2.1), floats(0.5), expected: [.floats([1, 1.5, 2])]),
      Sample(
        "int32", RangeOperator(), .exact(Tensor(elements: [1] as [Int32], shape: [])),
        .exact(Tensor(elements: [3] as [Int32], shape: [])), .exact(Tensor(elements: [1] as [Int32], shape: [])),
        expected: [Tensor(elements: [1, 2] as [Int32])]),
      Sample(
        "from end to end of int64", RangeOperator(), ints(Int.min), ints(Int.max), ints(Int.max),
        expected: [.ints([Int.min, -1, Int.max - 1])]),
    ]
  }

  public static var failures: [Failure] {
    [
      Failure(RangeOperator(), ints(0), ints(1), ints(0), message: "Range: delta is 0"),
      Failure(
        RangeOperator(), ints(0), floats(1), ints(1),
        message: "Range: start, limit and delta are int64, float32 and int64; they should be of one type, floating or "
          + "int16, int32, int64"),
      Failure(
        RangeOperator(), floats(0), floats(.infinity), floats(1),
        message: "Range: from 0.0 to inf in steps of 1.0 there is no finite number of steps"),
      Failure(
        RangeOperator(), ints(Int.min), ints(Int.max), ints(1),
        message: "Range: from -9223372036854775808 to 9223372036854775807 there are more numbers than any memory holds"),
      Failure(
        RangeOperator(), .ints([0, 1]), ints(1), ints(1),
        message: "Range: start, limit and delta should be one number each; one has shape [2]"),
    ]
  }
}
