import ThawTensor

extension Gradient: Sampled {
  /// Of `a² · b · c` by a and b, c being captured.
  private static let product = Gradient(
    xs: ["a", "b"],
    of: SwiftBody(inputs: [.floats, .floats], captures: 1, outputs: [.floats]) { inputs, captured in
      [inputs[0] * inputs[0] * inputs[1] * captured[0]]
    })

  public static var samples: [Sample] {
    [
      Sample(
        "by two values", product, .floats([1, 2], [2]), .floats([3, 4], [2]), .floats([10], []), wanted: .all,
        outputs: 2, expected: [.floats([60, 160]), .floats([10, 40])])
    ]
  }

  public static var failures: [Failure] {
    [
      Failure(
        product, .floats([1], []), .floats([1], []),
        message: "Gradient: the value 'captured0', which y reads, is missing")
    ]
  }
}
