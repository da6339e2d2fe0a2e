import ThawTensor

extension Softmax: Sampled {
  public static var samples: [Sample] {
    [
      Sample("last axis", Softmax(), .uniform([2, 3, 4])),
      Sample("middle axis", Softmax(axis: 1), .uniform([2, 3, 4])),
      Sample("rows from axis 1 on", Softmax(axis: 1, flattensFromAxis: true), .uniform([2, 3, 4])),
      Sample(
        "large values", Softmax(), .floats([1000, 1000, -1000, 0, 0, 0], [2, 3]),
        expected: [Tensor([0.5, 0.5, 0, 1 / 3, 1 / 3, 1 / 3], shape: [2, 3])]),
      // exp(-1) rounds to 0.3679 in float16, the sum of the three to 1.736.
      Sample(
        "each step in float16", Softmax(), .exact(Tensor(elements: [1, 0, 0] as [Float16])),
        expected: [Tensor(elements: [1 / 1.7363281, 0.36791992 / 1.7363281, 0.36791992 / 1.7363281] as [Float16])]),
    ]
  }

  public static var failures: [Failure] {
    [
      Failure(
        Softmax(axis: 2), .uniform([2, 3]),
        message: "Softmax: axis 2 is out of range for a tensor of rank 2 (expected -2 to 1)")
    ]
  }
}

extension SoftmaxGradient: Sampled {
  public static var samples: [Sample] {
    [
      Sample(
        "last axis", SoftmaxGradient(axis: -1, flattensFromAxis: false), .uniform([2, 3]), .uniform([2, 3], 0...1)),
      Sample(
        "rows from axis 1 on", SoftmaxGradient(axis: 1, flattensFromAxis: true), .uniform([2, 3, 2]),
        .uniform([2, 3, 2], 0...1)),
    ]
  }
}
