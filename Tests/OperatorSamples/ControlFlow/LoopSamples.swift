import ThawTensor

extension Loop: Sampled {
  /// v ← w v + i, stacked; goes on while i is below a number.
  private static func affine(below end: Int = 100) -> Loop {
    Loop(
      SwiftBody(
        inputs: [.int64([]), .bool, .float32([2])], captures: 1, outputs: [.bool, .float32([2]), .float32([2])]
      ) { inputs, captured in
        let next = captured[0] * inputs[2] + inputs[0].cast(to: inputs[2].dtype)
        return [inputs[0] .< end, next, next * next]
      })
  }

  public static var samples: [Sample] {
    [
      Sample(
        "three times", affine(), .ints([3], []), nil, .floats([1, 2], [2]), .floats([2, -1], [2]), wanted: .only(0, 1),
        outputs: 2, expected: [.floats([12, -1]), .floats([4, 4, 25, 9, 144, 1], [3, 2])]),
      Sample(
        "until the body says no", affine(below: 1), nil, .bools([true], []), .floats([1, 2], [2]),
        .floats([2, -1], [2]), wanted: .only(0, 1), outputs: 2,
        expected: [.floats([5, 3]), .floats([4, 4, 25, 9], [2, 2])]),
      Sample(
        "without a first condition too", affine(below: 0), .ints([9]), nil, .floats([1, 2], [2]),
        .floats([2, -1], [2]), wanted: .only(0, 1), outputs: 2,
        expected: [.floats([2, -2]), .floats([4, 4], [1, 2])]),
      Sample(
        "no iteration", affine(), .ints([3], []), .bools([false], []), .floats([1, 2], [2]), .floats([2, -1], [2]),
        wanted: .only(0, 1), outputs: 2, expected: [.floats([1, 2]), .floats([], [0, 2])]),
      Sample("only the last value", affine(), .ints([2], []), nil, .uniform([2]), .uniform([2]), outputs: 2),
      Sample(
        "a carried value that grows",
        Loop(
          SwiftBody(inputs: [.int64([]), .bool, .floats], outputs: [.bool, .floats]) { inputs, _ in
            [inputs[0] .< 5, .concat([inputs[2], inputs[2] * 2])]
          }), .ints([2], []), .bools([true], []), .floats([1, 3], [2]),
        expected: [.floats([1, 3, 2, 6, 2, 6, 4, 12])]),
    ]
  }

  public static var failures: [Failure] {
    let growing = Loop(
      SwiftBody(inputs: [.int64([]), .bool, .floats], outputs: [.bool, .floats, .floats]) { inputs, _ in
        let next = Tensor.concat([inputs[2], inputs[2]])
        return [inputs[1], next, next]
      })
    let failing = Loop(
      SwiftBody(inputs: [.int64([]), .bool, .floats], outputs: [.bool, .floats]) { inputs, _ in
        [inputs[1], inputs[2].matmul(Tensor.ones([7, 7]))]
      })
    return [
      Failure(
        growing, .ints([2], []), nil, .uniform([2]),
        message: "Loop: output 2 of the body is float32[4] in iteration 0 and float32[8] in iteration 1; what is "
          + "stacked must have one shape"),
      Failure(
        failing, nil, nil, .uniform([1, 2]),
        message: "Loop: body, iteration 0: MatMul: the inputs are float32[1, 2] and float32[7, 7]: rows of 2 elements "
          + "do not meet columns of 7"),
      Failure(
        affine(), .floats([2], []), nil, .uniform([2]), .uniform([2]),
        message: "Loop: M should be one int64 and is float32[]"),
      Failure(affine(), .ints([2], []), message: "Loop: input 2 is missing"),
    ]
  }
}
