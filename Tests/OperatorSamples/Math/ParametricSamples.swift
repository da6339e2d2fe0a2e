import ThawTensor

extension LeakyRelu: Sampled {
  public static var samples: [Sample] {
    [
      Sample("matrix", LeakyRelu(), .distinct([3, 4])),
      Sample("slope", LeakyRelu(alpha: 0.1), .exact(.floats([-1, 0, 1])), expected: [.floats([-0.1, 0, 1])]),
    ]
  }
}

extension Elu: Sampled {
  public static var samples: [Sample] {
    [
      Sample("matrix", Elu(), .distinct([3, 4])),
      Sample("scaled", Elu(alpha: 2), .exact(.floats([-1, 0, 1])), expected: [.floats([-1.2642411, 0, 1])]),
    ]
  }
}

extension Selu: Sampled {
  public static var samples: [Sample] {
    [
      Sample("matrix", Selu(), .distinct([3, 4])),
      Sample(
        "scaled", Selu(alpha: 2, gamma: 3), .exact(.floats([-1, 0, 1])), expected: [.floats([-3.7927232, 0, 3])]),
    ]
  }
}

extension Celu: Sampled {
  public static var samples: [Sample] {
    [
      Sample("matrix", Celu(), .distinct([3, 4])),
      Sample("scaled", Celu(alpha: 2), .exact(.floats([-1, 0, 1])), expected: [.floats([-0.7869387, 0, 1])]),
    ]
  }
}

extension ThresholdedRelu: Sampled {
  public static var samples: [Sample] {
    [
      Sample("matrix", ThresholdedRelu(), .distinct([3, 4], around: 1)),
      Sample("two", ThresholdedRelu(alpha: 2), .exact(.floats([-1, 2, 3])), expected: [.floats([0, 0, 3])]),
    ]
  }
}

extension Gelu: Sampled {
  public static var samples: [Sample] {
    [
      Sample(
        "exact", Gelu(), .floats([-1, 0, 1], [3]), expected: [.floats([-0.15865526, 0, 0.8413447])]),
      Sample(
        "by tanh", Gelu(approximates: true), .floats([-1, 0, 1], [3]), expected: [.floats([-0.158808, 0, 0.841192])]),
      Sample("matrix", Gelu(), .uniform([3, 4], -4...4)),
    ]
  }
}

extension GeluGradient: Sampled {
  public static var samples: [Sample] {
    [
      Sample(
        "exact", GeluGradient(), .floats([1, 2, 1], [3]), .floats([-1, 0, 1], [3]),
        expected: [.floats([-0.08331543, 1, 1.0833154])]),
      Sample(
        "by tanh", GeluGradient(approximates: true), .floats([1, 2, 1], [3]), .floats([-1, 0, 1], [3]),
        expected: [.floats([-0.0829641, 1, 1.0829641])]),
      Sample("matrix", GeluGradient(), .uniform([3, 4]), .uniform([3, 4], -4...4)),
      Sample("matrix by tanh", GeluGradient(approximates: true), .uniform([3, 4]), .uniform([3, 4], -4...4)),
    ]
  }

  public static var failures: [Failure] {
    [
      Failure(
        GeluGradient(), .uniform([3]), .uniform([1, 3]),
        message: "GeluGradient: dY is float32[3] and X float32[1, 3]; they should agree")
    ]
  }
}

extension PRelu: Sampled {
  public static var samples: [Sample] {
    [
      Sample("slope by channel", PRelu(), .distinct([2, 3, 2]), .uniform([3, 1])),
      Sample(
        "values", PRelu(), .exact(.floats([-1, 0, 2])), .exact(.floats([0.5])), expected: [.floats([-0.5, 0, 2])]),
    ]
  }

  public static var failures: [Failure] {
    [
      Failure(
        PRelu(), .uniform([3]), .uniform([2, 3]),
        message: "PRelu: the slope, float32[2, 3], should broadcast to the input, float32[3]")
    ]
  }
}
