import ThawTensor
import ThawTypes

extension Cast: Sampled {
  public static var samples: [Sample] {
    [
      Sample("float64", Cast(to: .float64), .uniform([2, 3])),
      Sample(
        "towards zero", Cast(to: .int64), .exact(.floats([-1.7, -0.2, 0.9, 2.5, .nan])),
        expected: [.ints([-1, 0, 0, 2, 0])]),
      Sample("to bool", Cast(to: .bool), .exact(.floats([-1, 0, 0.5])), expected: [.bools([true, false, true])]),
      Sample("from bool", Cast(to: .float32), .bools([true, false]), expected: [.floats([1, 0])]),
      Sample("the same type", Cast(to: .int64), .ints([1, 2]), expected: [.ints([1, 2])]),
      Sample(
        "half", Cast(to: .float16), .exact(.floats([1, 0.1])), expected: [Tensor(elements: [1, 0.1] as [Float16])]),
      Sample("float8 without saturation", Cast(to: .float8e4m3fn, saturates: false), .exact(.floats([1, 500]))),
      Sample("4 bits", Cast(to: .int4), .ints([3, -8])),
    ]
  }

  public static var failures: [Failure] { [Failure(Cast(to: .int64), message: "Cast: input 0 (input) is missing")] }
}
