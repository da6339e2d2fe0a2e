import ThawTensor

extension Imputer: Sampled {
  public static var samples: [Sample] {
    [
      Sample(
        "NaN, a value for each feature", Imputer([5, 6], for: .nan), .exact(.floats([.nan, 1, 2, .nan], [2, 2])),
        expected: [.floats([5, 1, 2, 6], [2, 2])]),
      Sample(
        "one value for all", Imputer([9], for: 1), .exact(.floats([1, 2, 3, 1], [2, 2])),
        expected: [.floats([9, 2, 3, 9], [2, 2])]),
      Sample("nothing missing", Imputer([9], for: 7), .uniform([2, 3])),
      Sample(
        "integers", Imputer([7], for: -1, isInteger: true), .ints([-1, 4], [1, 2]), expected: [.ints([7, 4], [1, 2])]),
    ]
  }
  public static var failures: [Failure] {
    [
      Failure(
        Imputer([1, 2, 3], for: 0), .uniform([2, 2]),
        message: "Imputer: X has 2 features, and the attributes are for 3")
    ]
  }
}
