import ThawTensor

extension LpNormalization: Sampled {
  public static var samples: [Sample] {
    [
      Sample(
        "by the length", LpNormalization(), .exact(.floats([3, 4, 0, 0], [2, 2])),
        expected: [.floats([0.6, 0.8, 0, 0], [2, 2])]),
      Sample("by the magnitudes", LpNormalization(axis: 0, p: 1), .distinct([3, 2], around: 0.03)),
      Sample("a middle axis", LpNormalization(axis: 1), .uniform([2, 3, 2])),
    ]
  }
}

extension MeanVarianceNormalization: Sampled {
  public static var samples: [Sample] {
    [
      Sample(
        "rows", MeanVarianceNormalization(axes: [1]), .floats([1, 3], [1, 2]), expected: [.floats([-1, 1], [1, 2])]),
      Sample("channels", MeanVarianceNormalization(), .uniform([2, 2, 2, 2])),
    ]
  }
}

extension LRN: Sampled {
  public static var samples: [Sample] {
    [
      Sample(
        "neighbours on both sides", LRN(size: 3, alpha: 3, beta: 1, bias: 1), .floats([1, 2, 3], [1, 3, 1, 1]),
        expected: [.floats([1.0 / 6, 2.0 / 15, 3.0 / 14], [1, 3, 1, 1])]),
      Sample("an even size", LRN(size: 2, alpha: 0.5), .uniform([2, 4, 2])),
    ]
  }

  public static var failures: [Failure] {
    [Failure(LRN(size: 3), .uniform([2]), message: "LRN: the input is float32[2], and should have batch and channels")]
  }
}

extension RMSNormalization: Sampled {
  public static var samples: [Sample] {
    [
      Sample(
        "rows", RMSNormalization(epsilon: 0), .floats([3, 4], [1, 2]), .floats([1, 2], [2]),
        expected: [.floats([0.84852814, 2.2627417], [1, 2])]),
      Sample("two axes", RMSNormalization(axis: 1), .uniform([2, 3, 2]), .uniform([3, 2])),
    ]
  }

  public static var failures: [Failure] {
    [
      Failure(
        RMSNormalization(), .ints([1]), .uniform([1]),
        message: "RMSNormalization: X is int64[1] and scale float32[1]; both should be floating"),
      Failure(
        RMSNormalization(), .uniform([2, 3]), .uniform([2]),
        message:
          "RMSNormalization: the shapes [2, 3] and [2] do not broadcast: counted from the last, dimensions must be equal "
          + "or 1"),
    ]
  }
}

extension Hardmax: Sampled {
  public static var samples: [Sample] {
    [
      Sample(
        "rows, the first of equal ones", Hardmax(), .floats([1, 3, 3, 2, 0, 1], [2, 3]),
        expected: [.floats([0, 1, 0, 1, 0, 0], [2, 3])]),
      Sample("a middle axis", Hardmax(axis: 1), .distinct([2, 3, 2])),
      Sample("as before version 13", Hardmax(axis: 1, flattensFromAxis: true), .distinct([2, 3, 2])),
    ]
  }
}

extension Shrink: Sampled {
  public static var samples: [Sample] {
    [
      Sample(
        "hard", Shrink(lambda: 1.5), .floats([-2, -1, 0, 1, 2], [5]), expected: [.floats([-2, 0, 0, 0, 2])]),
      Sample(
        "soft", Shrink(bias: 1.5, lambda: 1.5), .floats([-2, -1, 0, 1, 2], [5]),
        expected: [.floats([-0.5, 0, 0, 0, 0.5])]),
      Sample(
        "whole numbers", Shrink(bias: 1.5, lambda: 1.5), .ints([-4, 1, 4]), expected: [.ints([-2, 0, 2])]),
    ]
  }
}

extension Swish: Sampled {
  public static var samples: [Sample] {
    [
      Sample("plain", Swish(), .floats([0, 1], [2]), expected: [.floats([0, 0.7310586])]),
      Sample("steeper", Swish(alpha: 2), .uniform([2, 3])),
    ]
  }
}

extension SwiGLU: Sampled {
  public static var samples: [Sample] {
    [
      Sample("plain", SwiGLU(), .floats([0, 1], [2]), .floats([3, 2], [2]), expected: [.floats([0, 1.4621172])]),
      Sample("steeper", SwiGLU(alpha: 2), .uniform([2, 3]), .uniform([2, 3])),
    ]
  }

  public static var failures: [Failure] {
    [
      Failure(
        SwiGLU(), .uniform([2, 3]), .uniform([3]),
        message: "SwiGLU: A is float32[2, 3] and B is float32[3]; they should have one shape")
    ]
  }
}
