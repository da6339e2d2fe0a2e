import ThawTensor

extension Clip: Sampled {
  public static var samples: [Sample] {
    [
      Sample(
        "both bounds", Clip(), .exact(.floats([-2, 0, 2])), .exact(.floats([-1], [])), .exact(.floats([1], [])),
        expected: [.floats([-1, 0, 1])]),
      Sample("both bounds, which have gradients", Clip(), .distinct([4, 5]), .floats([-0.2], []), .floats([0.3], [])),
      Sample("only the lower", Clip(), .distinct([6]), .floats([0.01], [])),
      Sample("only the upper", Clip(), .distinct([6]), nil, .floats([0.01], [1])),
      Sample("none", Clip(), .uniform([6])),
      Sample("crossed bounds", Clip(), .distinct([6]), .floats([0.07], []), .floats([-0.03], [])),
      Sample(
        "integers", Clip(), .ints([-5, 0, 5]), .ints([-1], []), .ints([3], []), expected: [.ints([-1, 0, 3])]),
    ]
  }

  public static var failures: [Failure] {
    [
      Failure(
        Clip(), .uniform([3]), .uniform([3]), message: "Clip: a setting should be one number, and one has the shape [3]"
      ),
      Failure(
        Clip(), .ints([3]), .uniform([]),
        message: "Clip: the data is int64 and a setting float32: cast one with Cast (cast(to:))"),
    ]
  }
}
