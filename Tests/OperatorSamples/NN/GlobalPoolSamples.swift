import ThawTensor

extension GlobalAveragePool: Sampled {
  public static var samples: [Sample] {
    [
      Sample(
        "two axes", GlobalAveragePool(), .floats([1, 2, 3, 6, 5, 5, 5, 5], [1, 2, 2, 2]),
        expected: [.floats([3, 5], [1, 2, 1, 1])]),
      Sample("one axis", GlobalAveragePool(), .uniform([2, 3, 4])),
    ]
  }

  public static var failures: [Failure] {
    [
      Failure(
        GlobalAveragePool(), .uniform([3]),
        message: "GlobalAveragePool: the input is float32[3], and should have a batch and a channel axis")
    ]
  }
}

extension GlobalMaxPool: Sampled {
  public static var samples: [Sample] {
    [
      Sample(
        "two axes", GlobalMaxPool(), .exact(.floats([1, 2, 3, 6, 5, 5, 5, 5], [1, 2, 2, 2])),
        expected: [.floats([6, 5], [1, 2, 1, 1])]),
      Sample("four axes", GlobalMaxPool(), .distinct([2, 2, 2, 1, 2, 3])),
    ]
  }

  public static var failures: [Failure] {
    [
      Failure(
        GlobalMaxPool(), .uniform([1, 2, 0]),
        message: "GlobalMaxPool: X is float32[1, 2, 0], and there is no maximum of no elements")
    ]
  }
}
