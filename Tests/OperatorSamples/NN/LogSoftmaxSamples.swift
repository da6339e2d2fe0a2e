import ThawTensor

extension LogSoftmax: Sampled {
  public static var samples: [Sample] {
    [
      Sample("last axis", LogSoftmax(), .uniform([2, 3, 4])),
      Sample("first axis", LogSoftmax(axis: 0), .uniform([3, 4])),
      Sample("rows from axis 1 on", LogSoftmax(axis: 1, flattensFromAxis: true), .uniform([2, 3, 4])),
      Sample(
        "large values", LogSoftmax(), .floats([1000, 1000, 0, -1000], [2, 2]),
        expected: [.floats([-0.693_147_2, -0.693_147_2, 0, -1000], [2, 2])]),
    ]
  }

  public static var failures: [Failure] {
    [
      Failure(
        LogSoftmax(axis: -3), .uniform([2, 3]),
        message: "LogSoftmax: axis -3 is out of range for a tensor of rank 2 (expected -2 to 1)")
    ]
  }
}

extension LogSoftmaxGradient: Sampled {
  public static var samples: [Sample] {
    [
      Sample(
        "last axis", LogSoftmaxGradient(axis: -1, flattensFromAxis: false), .uniform([2, 3]), .uniform([2, 3], -3...0)),
      Sample(
        "rows from axis 1 on", LogSoftmaxGradient(axis: 1, flattensFromAxis: true), .uniform([2, 3, 2]),
        .uniform([2, 3, 2], -3...0)),
    ]
  }

  public static var failures: [Failure] {
    [
      Failure(
        LogSoftmaxGradient(axis: -1, flattensFromAxis: false), .uniform([2, 3]), .uniform([3, 2]),
        message: "LogSoftmaxGradient: the gradient is float32[2, 3] and the output float32[3, 2]; they should agree")
    ]
  }
}
