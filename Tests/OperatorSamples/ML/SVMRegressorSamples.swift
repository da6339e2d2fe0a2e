import ThawTensor

extension SVMRegressor: Sampled {
  public static var samples: [Sample] {
    let numbers = SampleInput.exact(.floats([1, 0, 2, 1], [2, 2]))
    func machine(_ kernel: SVMKernel, isOneClass: Bool = false) -> SVMRegressor {
      SVMRegressor(
        coefficients: [1, -1], supportVectors: [1, 0, 0, 1], offset: 0.5, kernel: kernel, isOneClass: isOneClass)
    }
    return [
      Sample(
        "linear model", SVMRegressor(coefficients: [2, 3], offset: 1), numbers, expected: [.floats([3, 8], [2, 1])]),
      Sample("linear", machine(.linear), numbers, expected: [.floats([1.5, 1.5], [2, 1])]),
      Sample(
        "polynomial", machine(.polynomial(gamma: 1, offset: 1, degree: 2)), numbers,
        expected: [.floats([3.5, 5.5], [2, 1])]),
      Sample("radial", machine(.radial(gamma: 0.5)), numbers, expected: [.floats([1.1321206, 0.7325442], [2, 1])]),
      Sample(
        "sigmoid", machine(.sigmoid(gamma: 1, offset: 0)), numbers,
        expected: [.floats([1.2615942, 0.7024334], [2, 1])]),
      Sample("one class", machine(.linear, isOneClass: true), numbers, expected: [.floats([1, 1], [2, 1])]),
    ]
  }
}
