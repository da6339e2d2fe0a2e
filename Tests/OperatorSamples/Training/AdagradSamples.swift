import ThawTensor

extension AdagradStep: Sampled {
  public static var samples: [Sample] {
    [
      Sample(
        "decay and regularization", AdagradStep(decayFactor: 0.1, epsilon: 0.5, normCoefficient: 0.5),
        .floats([0.5], []), .ints([10], []), .floats([1, 2], [2]), .floats([1.5, -1], [2]), .floats([5, 16], [2]),
        wanted: .all, outputs: 2, expected: [.floats([1 - 0.25 * 2 / 3.5, 2]), .floats([9, 16])])
    ]
  }

  public static var failures: [Failure] {
    [
      Failure(
        AdagradStep(), .floats([1], []), .ints([0], []), .floats([1], [1]), .floats([1], [1]),
        message:
          "Adagrad: there are 4 inputs; after R and T there should be 3 for each tensor: itself, its gradient and its "
          + "state")
    ]
  }
}
