import ThawTensor

extension Scan: Sampled {
  /// s ← s w + x, stacked.
  private static func body(_ shape: [Int]) -> SwiftBody {
    SwiftBody(inputs: [.float32(shape), .float32(shape)], captures: 1, outputs: [.float32(shape), .float32(shape)]) {
      inputs, captured in
      let next = inputs[0] * captured[0] + inputs[1]
      return [next, next * next]
    }
  }

  public static var samples: [Sample] {
    [
      Sample(
        "along the first axis", Scan(body([2]), inputs: [Course()], outputs: [Course()]), .floats([1, 0], [2]),
        .floats([1, 2, 3, 4], [2, 2]), .floats([2], []), wanted: .only(0, 1), outputs: 2,
        expected: [.floats([9, 8]), .floats([9, 4, 81, 64], [2, 2])]),
      Sample(
        "along the last axis, backwards, stacked in reverse at the end",
        Scan(body([2]), inputs: [Course(axis: -1, isReverse: true)], outputs: [Course(axis: -1, isReverse: true)]),
        .floats([1, 0], [2]), .floats([1, 2, 3, 4, 5, 6], [2, 3]), .floats([2], []), wanted: .only(0, 1), outputs: 2,
        expected: [.floats([25, 38]), .floats([625, 144, 25, 1444, 289, 36], [2, 3])]),
      Sample(
        "no steps", Scan(body([2]), inputs: [Course()], outputs: [Course(axis: 1)]), .floats([1, 0], [2]),
        .floats([], [0, 2]), .floats([2], []), wanted: .only(0, 1), outputs: 2,
        expected: [.floats([1, 0]), .floats([], [2, 0])]),
      // ONNX Runtime's numbers for sums.
      Sample(
        "version 8, lengths",
        Scan(
          SwiftBody(inputs: [.float32([1]), .float32([1])], outputs: [.float32([1]), .float32([1])]) { inputs, _ in
            let next = inputs[0] + inputs[1]
            return [next, next]
          }, inputs: [Course(isReverse: true)], outputs: [Course()], isBatched: true), .ints([3, 2]),
        .floats([0, 10], [2, 1]), .floats([1, 2, 3, 4, 5, 6], [2, 3, 1]), wanted: .only(0, 1), outputs: 2,
        expected: [.floats([6, 19], [2, 1]), .floats([3, 5, 6, 15, 19, 0], [2, 3, 1])]),
      Sample(
        "version 8", Scan(body([2]), inputs: [Course()], outputs: [Course()], isBatched: true), nil, .uniform([2, 2]),
        .uniform([2, 3, 2]), .uniform([2]), wanted: .only(0, 1), outputs: 2),
    ]
  }

  public static var failures: [Failure] {
    let two = SwiftBody(inputs: [.floats, .floats], outputs: [.floats]) { inputs, _ in [inputs[0] + inputs[1]] }
    return [
      Failure(
        Scan(two, inputs: [Course(), Course()], outputs: [Course()]), .uniform([2, 3]), .uniform([3, 3]),
        message: "Scan: the inputs to go along have [2, 3] steps, and should have as many each"),
      Failure(
        Scan(body([2]), inputs: [Course(axis: 2)], outputs: [Course()]), .uniform([2]), .uniform([2, 2]), .uniform([]),
        message: "Scan: axis 2 is out of range for a tensor of rank 2 (expected -2 to 1)"),
      Failure(
        Scan(body([2]), inputs: [Course()], outputs: [Course()], isBatched: true), .ints([4, 1]), .uniform([2, 2]),
        .uniform([2, 3, 2]), .uniform([]),
        message: "Scan: sequence_lens is [4, 1], and should be 2 numbers from 0 to 3"),
      Failure(
        Scan(body([2]), inputs: [Course()], outputs: [Course()], isBatched: true), nil, .uniform([3, 2]),
        .uniform([2, 3, 2]), .uniform([]),
        message: "Scan: state 0 is float32[3, 2], and should have a batch of 2 as its first axis"),
    ]
  }
}
