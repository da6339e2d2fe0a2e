import ThawTensor

extension Pad: Sampled {
  private static var numbers: SampleInput { .floats([1, 1.2, 2.3, 3.4, 4.5, 5.7], [3, 2]) }

  public static var samples: [Sample] {
    [
      Sample(
        "zeros in front", Pad(), numbers, .ints([0, 2, 0, 0]),
        expected: [.floats([0, 0, 1, 1.2, 0, 0, 2.3, 3.4, 0, 0, 4.5, 5.7], [3, 4])]),
      Sample(
        "reflect", Pad(mode: .reflect), .floats([1, 2, 3], [3]), .ints([2, 1]),
        expected: [.floats([3, 2, 1, 2, 3, 2])]),
      Sample(
        "reflect further than the axis is long", Pad(mode: .reflect), .floats([1, 2, 3], [3]), .ints([5, 0]),
        expected: [.floats([2, 1, 2, 3, 2, 1, 2, 3])]),
      Sample(
        "edge", Pad(mode: .edge), numbers, .ints([0, 2, 0, 0]),
        expected: [.floats([1, 1, 1, 1.2, 2.3, 2.3, 2.3, 3.4, 4.5, 4.5, 4.5, 5.7], [3, 4])]),
      Sample(
        "wrap", Pad(mode: .wrap), numbers, .ints([2, 1, 1, 1]),
        expected: [
          .floats(
            [
              3.4, 2.3, 3.4, 2.3, 5.7, 4.5, 5.7, 4.5, 1.2, 1, 1.2, 1, 3.4, 2.3, 3.4, 2.3, 5.7, 4.5, 5.7, 4.5, 1.2, 1,
              1.2, 1,
            ], [6, 4])
        ]),
      Sample(
        "crop at one end, pad at the other", Pad(), .floats([1, 2, 3], [3]), .ints([-1, 2]), .floats([9], []),
        expected: [.floats([2, 3, 9, 9])]),
      Sample("crop to nothing", Pad(), .uniform([3]), .ints([-1, -2])),
      Sample("axes, a constant", Pad(), .uniform([2, 3, 4]), .ints([1, 0, 2, -1]), .uniform([]), .ints([-1, 0])),
      Sample("edge on some axes", Pad(mode: .edge), .uniform([2, 3]), .ints([1, -1]), nil, .ints([1])),
      Sample("reflect with cropping", Pad(mode: .reflect), .uniform([4, 2]), .ints([-1, 1, 2, 0])),
      Sample(
        "integers", Pad(), .ints([1, 2]), .ints([1, 0]), .ints([7], []), expected: [.ints([7, 1, 2])]),
      Sample("one row of one", Pad(mode: .reflect), .uniform([1]), .ints([2, 2])),
    ]
  }

  public static var failures: [Failure] {
    [
      Failure(
        Pad(), .uniform([3]), .ints([1, 1, 1]),
        message: "Pad: there are 3 pads for 1 axes; there should be two for each"),
      Failure(
        Pad(), .uniform([3]), .ints([-4, 5]), message: "Pad: axis 0 of size 3 cannot be padded by -4 and 5"),
      Failure(
        Pad(), .uniform([3]), .ints([Int.max, 1]),
        message: "Pad: axis 0 of size 3 cannot be padded by 9223372036854775807 and 1"),
      Failure(
        Pad(mode: .edge), .uniform([0]), .ints([1, 0]),
        message: "Pad: axis 0 is empty, and the mode edge has nothing to pad it with"),
      Failure(
        Pad(), .uniform([3]), .ints([1, 1]), .ints([1, 2]),
        message: "Pad: a setting should be one number, and one has the shape [2]"),
      Failure(
        Pad(), .uniform([3]), .ints([1, 1]), .ints([1], []),
        message: "Pad: the data is float32 and a setting int64: cast one with Cast (cast(to:))"),
    ]
  }
}
