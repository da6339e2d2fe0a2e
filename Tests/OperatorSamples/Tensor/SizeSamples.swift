import ThawTensor

extension Size: Sampled {
  public static var samples: [Sample] {
    [
      Sample("matrix", Size(), .uniform([3, 4]), expected: [.ints([12], [])]),
      Sample("scalar", Size(), .uniform([]), expected: [.ints([1], [])]),
      Sample("empty", Size(), .uniform([2, 0]), expected: [.ints([0], [])]),
    ]
  }
}
