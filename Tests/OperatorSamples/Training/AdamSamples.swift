import ThawTensor

extension AdamStep: Sampled {
  public static var samples: [Sample] {
    [
      Sample(
        "no update yet", AdamStep(alpha: 0.5, beta: 0.75, epsilon: 0.5), .floats([0.5], []), .ints([0], []),
        .floats([1], [1]), .floats([2], [1]), .floats([4], [1]), .floats([4], [1]), wanted: .all, outputs: 3,
        expected: [.floats([1 - 0.5 * 3 / 2.5]), .floats([3]), .floats([4])]),
      Sample(
        "bias, regularization, decay",
        AdamStep(alpha: 0.5, beta: 0.75, normCoefficient: 0.1, normCoefficientPost: 0.25),
        .floats([0.1], []), .ints([1], []), .uniform([3]), .uniform([3]), .uniform([3]), .uniform([3], 1...2),
        wanted: .all, outputs: 3),
    ]
  }

  public static var failures: [Failure] {
    [
      Failure(
        AdamStep(), .floats([1], []), .ints([0], []), .floats([1], [1]), .floats([1], []), .floats([1], [1]),
        .floats([1], [1]), message: "Adam: tensor 0 is float32[1], and its gradient or state is float32[]")
    ]
  }
}
