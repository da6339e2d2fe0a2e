import ThawTensor

extension HardSigmoid: Sampled {
  public static var samples: [Sample] {
    [
      Sample(
        "kinks", HardSigmoid(), .exact(.floats([-3, -2.5, 0, 2.5, 3])),
        expected: [.floats([0, 0, 0.5, 1, 1])]),
      Sample("apart from the kinks", HardSigmoid(alpha: 1, beta: 0.25), .distinct([4, 6])),
    ]
  }
}

extension HardSwish: Sampled {
  public static var samples: [Sample] {
    [
      Sample(
        "kinks", HardSwish(), .exact(.floats([-4, -3, 0, 1.5, 3, 4])),
        expected: [.floats([0, 0, 0, 1.125, 3, 4])]),
      Sample("apart from the kinks", HardSwish(), .uniform([4, 6], -5...5)),
    ]
  }
}
