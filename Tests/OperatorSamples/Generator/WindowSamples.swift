import ThawTensor

extension HannWindow: Sampled {
  public static var samples: [Sample] {
    [
      Sample("periodic", HannWindow(), .ints([4], []), expected: [.floats([0, 0.5, 1, 0.5])]),
      Sample("symmetric", HannWindow(isPeriodic: false), .ints([3], []), expected: [.floats([0, 1, 0])]),
      Sample("one place", HannWindow(isPeriodic: false), .ints([1], []), expected: [.floats([1])]),
      Sample("none", HannWindow(dtype: .float64), .ints([0], [])),
    ]
  }

  public static var failures: [Failure] {
    [
      Failure(
        HannWindow(), .ints([-1], []), message: "HannWindow: the size is [-1], and should be one number, not negative")
    ]
  }
}

extension HammingWindow: Sampled {
  public static var samples: [Sample] {
    [
      Sample(
        "periodic", HammingWindow(), .ints([4], []), expected: [.floats([0.08695652, 0.54347825, 1, 0.54347825])])
    ]
  }
}

extension BlackmanWindow: Sampled {
  public static var samples: [Sample] {
    [
      Sample(
        "symmetric", BlackmanWindow(isPeriodic: false), .ints([5], []), expected: [.floats([0, 0.34, 1, 0.34, 0])])
    ]
  }
}
