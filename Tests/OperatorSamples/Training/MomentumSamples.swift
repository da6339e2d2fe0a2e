import ThawTensor

extension MomentumStep: Sampled {
  public static var samples: [Sample] {
    [
      Sample(
        "standard, first update", MomentumStep(alpha: 0.5, beta: 0.25, normCoefficient: 0.5), .floats([0.5], []),
        .ints([0], []), .floats([2], [1]), .floats([3], [1]), .floats([2], [1]), wanted: .all, outputs: 2,
        expected: [.floats([-0.5]), .floats([5])]),
      Sample(
        "Nesterov, two tensors", MomentumStep(alpha: 0.5, beta: 0.25, normCoefficient: 0, isNesterov: true),
        .floats([1], []), .ints([3], []), .floats([1], [1]), .floats([2], [1]), .floats([4], [1]), .floats([8], [1]),
        .floats([2], [1]), .floats([0], [1]), wanted: .all, outputs: 4,
        expected: [.floats([-4]), .floats([-7]), .floats([2]), .floats([2])]),
    ]
  }

  public static var failures: [Failure] {
    [
      Failure(
        MomentumStep(alpha: 0, beta: 0, normCoefficient: 0), .floats([1], []), .ints([0], []),
        message:
          "Momentum: there are 2 inputs; after R and T there should be 3 for each tensor: itself, its gradient and its "
          + "state")
    ]
  }
}
