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
  public static var samples: [Sample] {
    [
      Sample("matrix", Erf(), .uniform([3, 4])),
      Sample("whole numbers", Erf(), .ints([-9, 0, 1]), expected: [.ints([-1, 0, 0])]),
    ]
  }
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

extension Reciprocal: Sampled {
  public static var samples: [Sample] { [Sample("positive", Reciprocal(), .uniform([3, 4], 0.5...2))] }
}

extension Sin: Sampled {
  public static var samples: [Sample] { [Sample("matrix", Sin(), .uniform([3, 4]))] }
}

extension Cos: Sampled {
  public static var samples: [Sample] { [Sample("matrix", Cos(), .uniform([3, 4]))] }
}

extension Tan: Sampled {
  public static var samples: [Sample] { [Sample("near zero", Tan(), .uniform([3, 4], -1...1))] }
}

extension Asin: Sampled {
  public static var samples: [Sample] { [Sample("inside", Asin(), .uniform([3, 4], -0.9...0.9))] }
}

extension Acos: Sampled {
  public static var samples: [Sample] { [Sample("inside", Acos(), .uniform([3, 4], -0.9...0.9))] }
}

extension Atan: Sampled {
  public static var samples: [Sample] { [Sample("matrix", Atan(), .uniform([3, 4]))] }
}

extension Sinh: Sampled {
  public static var samples: [Sample] { [Sample("matrix", Sinh(), .uniform([3, 4]))] }
}

extension Cosh: Sampled {
  public static var samples: [Sample] { [Sample("matrix", Cosh(), .uniform([3, 4]))] }
}

extension Asinh: Sampled {
  public static var samples: [Sample] { [Sample("matrix", Asinh(), .uniform([3, 4]))] }
}

extension Acosh: Sampled {
  public static var samples: [Sample] { [Sample("above one", Acosh(), .uniform([3, 4], 1.2...4))] }
}

extension Atanh: Sampled {
  public static var samples: [Sample] { [Sample("inside", Atanh(), .uniform([3, 4], -0.9...0.9))] }
}

extension Softplus: Sampled {
  public static var samples: [Sample] { [Sample("matrix", Softplus(), .uniform([3, 4], -6...6))] }
}

extension Softsign: Sampled {
  public static var samples: [Sample] { [Sample("apart from the kink", Softsign(), .distinct([3, 4]))] }
}

extension Mish: Sampled {
  public static var samples: [Sample] { [Sample("matrix", Mish(), .uniform([3, 4], -6...6))] }
}

extension Abs: Sampled {
  public static var samples: [Sample] {
    [
      Sample("apart from the steps", Abs(), .distinct([3, 4], around: 0.013)),
      Sample("values", Abs(), .exact(.floats([-1.5, 0, 2])), expected: [.floats([1.5, 0, 2])]),
    ]
  }
}

extension Floor: Sampled {
  public static var samples: [Sample] {
    [
      Sample("apart from the steps", Floor(), .distinct([3, 4], around: 0.013)),
      Sample("values", Floor(), .exact(.floats([-1.5, 1.2, 2])), expected: [.floats([-2, 1, 2])]),
    ]
  }
}

extension Ceil: Sampled {
  public static var samples: [Sample] {
    [
      Sample("apart from the steps", Ceil(), .distinct([3, 4], around: 0.013)),
      Sample("values", Ceil(), .exact(.floats([-1.5, 1.2, 2])), expected: [.floats([-1, 2, 2])]),
    ]
  }
}

extension Round: Sampled {
  public static var samples: [Sample] {
    [
      Sample("apart from the steps", Round(), .distinct([3, 4], around: 0.013)),
      Sample(
        "values", Round(), .exact(.floats([0.5, 1.5, 2.5, -0.5, -1.2, 2.7])), expected: [.floats([0, 2, 2, 0, -1, 3])]),
    ]
  }
}

extension Sign: Sampled {
  public static var samples: [Sample] {
    [
      Sample("apart from the steps", Sign(), .distinct([3, 4], around: 0.013)),
      Sample("values", Sign(), .exact(.floats([-1.5, 0, 2])), expected: [.floats([-1, 0, 1])]),
    ]
  }
}
