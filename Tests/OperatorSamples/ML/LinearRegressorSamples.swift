import ThawTensor

extension LinearRegressor: Sampled {
  public static var samples: [Sample] {
    let two = SampleInput.exact(.floats([1, 2, 3, 4], [2, 2]))
    return [
      Sample(
        "one target", LinearRegressor(coefficients: [1, 10], intercepts: [0.5]), two,
        expected: [.floats([21.5, 43.5], [2, 1])]),
      Sample(
        "two targets, softmax", LinearRegressor(coefficients: [1, 0, 1, 0], targets: 2, postTransform: .softmax), two,
        expected: [.floats([0.5, 0.5, 0.5, 0.5], [2, 2])]),
    ]
  }
  public static var failures: [Failure] {
    [
      Failure(
        LinearRegressor(coefficients: [1]), .uniform([2, 2]),
        message: "LinearRegressor: 1 coefficients and 0 intercepts do not fit 1 targets and 2 features")
    ]
  }
}
