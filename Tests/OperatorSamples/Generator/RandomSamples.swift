import ThawTensor

extension RandomUniform: Sampled {
  public static var samples: [Sample] {
    [Sample("with a seed", RandomUniform(.uniform(low: -1, high: 3), shape: [2, 3], seed: 1))]
  }

  public static var failures: [Failure] {
    [
      Failure(RandomUniform(shape: [-1], seed: 1), message: "RandomUniform: there is no tensor of shape [-1]"),
      Failure(
        RandomUniform(shape: [1], dtype: .int64),
        message: "RandomUniform: the numbers should be floating, and int64 is asked for"),
    ]
  }
}

extension RandomNormal: Sampled {
  public static var samples: [Sample] {
    [Sample("with a seed", RandomNormal(.normal(mean: 1, scale: 2), shape: [4], dtype: .float64, seed: 2))]
  }
}

extension RandomUniformLike: Sampled {
  public static var samples: [Sample] { [Sample("with a seed", RandomUniformLike(seed: 1), .uniform([2, 2]))] }
}

extension RandomNormalLike: Sampled {
  public static var samples: [Sample] {
    [Sample("in another type", RandomNormalLike(dtype: .float64, seed: 1), .uniform([2, 2]))]
  }
}

extension Bernoulli: Sampled {
  public static var samples: [Sample] {
    [
      Sample(
        "never and always", Bernoulli(dtype: .int64, seed: 3), .floats([0, 1, 0, 1], [4]),
        expected: [.ints([0, 1, 0, 1])]),
      Sample("with a seed", Bernoulli(seed: 3), .uniform([3], 0...1)),
    ]
  }

  public static var failures: [Failure] {
    [Failure(Bernoulli(), .ints([1]), message: "Bernoulli: the probabilities are int64[1], and should be floating")]
  }
}

extension Multinomial: Sampled {
  public static var samples: [Sample] {
    [
      Sample(
        "the only possible class", Multinomial(count: 3, dtype: .int64, seed: 1),
        .floats([0, 1000, -1000, 0], [2, 2]),
        expected: [.ints([1, 1, 1, 1, 1, 1], [2, 3])]),
      Sample("with a seed", Multinomial(count: 2, seed: 1), .uniform([2, 3])),
    ]
  }

  public static var failures: [Failure] {
    [
      Failure(
        Multinomial(), .uniform([2]),
        message: "Multinomial: the input is float32[2], and should be a floating matrix, a row a draw")
    ]
  }
}
