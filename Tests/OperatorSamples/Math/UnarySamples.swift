import ThawTensor

extension Exp: Sampled {
  public static var samples: [Sample] { [Sample("cube", Exp(), .uniform([2, 3, 4]))] }
}

extension Log: Sampled {
  public static var samples: [Sample] { [Sample("positive", Log(), .uniform([2, 3, 4], 0.1...5))] }
}

extension Neg: Sampled {
  public static var samples: [Sample] { [Sample("matrix", Neg(), .uniform([3, 4]))] }
}

extension Sqrt: Sampled {
  public static var samples: [Sample] { [Sample("positive", Sqrt(), .uniform([3, 4], 0.1...5))] }
}

extension Tanh: Sampled {
  public static var samples: [Sample] { [Sample("matrix", Tanh(), .uniform([3, 4]))] }
}

extension Erf: Sampled {
  public static var samples: [Sample] { [Sample("matrix", Erf(), .uniform([3, 4]))] }
}

extension Sigmoid: Sampled {
  public static var samples: [Sample] { [Sample("matrix", Sigmoid(), .uniform([3, 4], -6...6))] }
}

extension Relu: Sampled {
  public static var samples: [Sample] {
    [
      Sample("apart from the kink", Relu(), .distinct([4, 5])),
      Sample(
        "special values", Relu(), .exact(Tensor([-1, -0.0, 0, 2] as [Float])),
        expected: [Tensor([0, 0, 0, 2] as [Float])]),
    ]
  }
}
