import ThawTensor

private let numbers: SampleInput = .floats((0..<8).map(Double.init), [1, 8, 1, 1])

extension DepthToSpace: Sampled {
  public static var samples: [Sample] {
    [
      Sample(
        "depth, column, row", DepthToSpace(blockSize: 2), numbers,
        expected: [.floats([0, 2, 4, 6, 1, 3, 5, 7], [1, 2, 2, 2])]),
      Sample(
        "column, row, depth", DepthToSpace(blockSize: 2, order: .columnRowDepth), numbers,
        expected: [.floats([0, 1, 2, 3, 4, 5, 6, 7], [1, 2, 2, 2])]),
      Sample("several samples", DepthToSpace(blockSize: 2), .uniform([2, 4, 2, 3])),
    ]
  }

  public static var failures: [Failure] {
    [
      Failure(
        DepthToSpace(blockSize: 3), .uniform([1, 4, 1, 1]),
        message:
          "DepthToSpace: the input is float32[1, 4, 1, 1], and should have 4 axes, the second a multiple of 3 squared"),
      Failure(
        DepthToSpace(blockSize: 0), .uniform([1, 4, 1, 1]),
        message:
          "DepthToSpace: the input is float32[1, 4, 1, 1], and should have 4 axes, the second a multiple of 0 squared"),
    ]
  }
}

extension SpaceToDepth: Sampled {
  public static var samples: [Sample] {
    [
      Sample(
        "blocks of four", SpaceToDepth(blockSize: 2), .floats([0, 2, 4, 6, 1, 3, 5, 7], [1, 2, 2, 2]),
        expected: [.floats([0, 1, 2, 3, 4, 5, 6, 7], [1, 8, 1, 1])]),
      Sample(
        "column, row, depth", SpaceToDepth(blockSize: 2, order: .columnRowDepth),
        .floats([0, 1, 2, 3, 4, 5, 6, 7], [1, 2, 2, 2]),
        expected: [.floats([0, 1, 2, 3, 4, 5, 6, 7], [1, 8, 1, 1])]),
      Sample("several samples", SpaceToDepth(blockSize: 2), .uniform([2, 1, 4, 2])),
    ]
  }

  public static var failures: [Failure] {
    [
      Failure(
        SpaceToDepth(blockSize: 2), .uniform([1, 1, 3, 2]),
        message:
          "SpaceToDepth: the input is float32[1, 1, 3, 2], and should have 4 axes, the last two multiples of 2")
    ]
  }
}

extension ReverseSequence: Sampled {
  public static var samples: [Sample] {
    [
      Sample(
        "time first", ReverseSequence(), .floats([0, 4, 1, 5, 2, 6, 3, 7], [4, 2]), .ints([4, 2]),
        expected: [.floats([3, 5, 2, 4, 1, 6, 0, 7], [4, 2])]),
      Sample(
        "batch first, longer elements", ReverseSequence(batchAxis: 0, timeAxis: 1), .uniform([2, 3, 2]), .ints([1, 3])),
    ]
  }

  public static var failures: [Failure] {
    [
      Failure(
        ReverseSequence(), .uniform([2, 2]), .ints([3, 1]),
        message: "ReverseSequence: a length is 3, and sequences have 0 to 2 elements"),
      Failure(
        ReverseSequence(), .uniform([2, 2]), .ints([1]),
        message: "ReverseSequence: sequence_lens has the shape [1], and there are 2 sequences"),
      Failure(
        ReverseSequence(batchAxis: 0, timeAxis: 0), .uniform([2, 2]), .ints([1, 1]),
        message: "ReverseSequence: batch and time axis are 0 and 0, and should be 0 and 1"),
    ]
  }
}

extension Col2Im: Sampled {
  public static var samples: [Sample] {
    [
      Sample(
        "blocks that overlap", Col2Im(), .floats([1, 2, 3, 4, 5, 6], [1, 2, 3]), .ints([4]), .ints([2]),
        expected: [.floats([1, 6, 8, 6], [1, 1, 4])]),
      Sample(
        "pads, steps, two channels",
        Col2Im(window: SlidingWindow(strides: [2, 1], pads: [1, 0, 0, 1], dilations: [1, 2])), .uniform([2, 8, 6]),
        .ints([3, 4]), .ints([2, 2])),
    ]
  }

  public static var failures: [Failure] {
    [
      Failure(
        Col2Im(), .uniform([1, 2, 2]), .ints([4]), .ints([2]),
        message:
          "Col2Im: the input is float32[1, 2, 2], and should have batch, a multiple of 2 rows, and 3 columns, one for "
          + "each place of a block")
    ]
  }
}
