import ThawTensor

extension If: Sampled {
  private static let squareOrDouble = If(
    then: SwiftBody(captures: 1, outputs: [.float32([2])]) { _, captured in [captured[0] * captured[0]] },
    else: SwiftBody(captures: 2, outputs: [.float32([2])]) { _, captured in [captured[0] * captured[1]] })

  public static var samples: [Sample] {
    [
      Sample(
        "then", squareOrDouble, .bools([true], []), .floats([3, -2], [2]), .floats([1, 1], [2]), .floats([5, 5], [2]),
        expected: [.floats([9, 4])]),
      Sample(
        "else, a condition of rank 1", squareOrDouble, .bools([false]), .floats([3, -2], [2]), .floats([2, 3], [2]),
        .floats([5, 7], [2]), expected: [.floats([10, 21])]),
    ]
  }

  public static var failures: [Failure] {
    [
      Failure(squareOrDouble, .ints([1], []), message: "If: the condition should be one bool and is int64[]"),
      Failure(squareOrDouble, .bools([true, true]), message: "If: the condition should be one bool and is bool[2]"),
      Failure(squareOrDouble, message: "If: input 0 is missing"),
      Failure(
        squareOrDouble, .bools([false], []), .uniform([2]), .uniform([2]),
        message: "If: the value 'captured1', which else_branch reads, is missing"),
    ]
  }
}
