import ThawTensor

extension Shape: Sampled {
  public static var samples: [Sample] {
    [
      Sample("all", Shape(), .uniform([2, 3, 4]), expected: [.ints([2, 3, 4])]),
      Sample("from the last but one on", Shape(start: -2), .uniform([2, 3, 4]), expected: [.ints([3, 4])]),
      Sample("bounds are clamped", Shape(start: 1, end: 9), .uniform([2, 3, 4]), expected: [.ints([3, 4])]),
      Sample("none", Shape(start: 2, end: 1), .uniform([2, 3, 4]), expected: [.ints([])]),
      Sample("scalar", Shape(), .uniform([]), expected: [.ints([])]),
    ]
  }
}
