import ThawTensor

extension Identity: Sampled {
  public static var samples: [Sample] {
    [
      Sample("matrix", Identity(), .uniform([2, 3])),
      Sample("integers", Identity(), .ints([1, 2]), expected: [.ints([1, 2])]),
    ]
  }

  public static var failures: [Failure] { [Failure(Identity(), message: "Identity: input 0 (input) is missing")] }
}
