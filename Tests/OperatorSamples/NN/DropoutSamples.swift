import ThawTensor

extension Dropout: Sampled {
  public static var samples: [Sample] {
    [
      Sample(
        "inference", Dropout(), .floats([1, 2, 3], [3]), wanted: .only(0, 1), outputs: 2,
        expected: [.floats([1, 2, 3]), .bools([true, true, true])]),
      Sample(
        "told not to train", Dropout(), .uniform([2, 3]), .exact(Tensor(0.9 as Float)), .bools([false], [])),
      Sample(
        "training", Dropout(seed: 3), .uniform([4, 5]), .exact(Tensor(0.4 as Float)), .bools([true], []),
        wanted: .only(0, 1), outputs: 2),
      Sample("training, ratio left out", Dropout(seed: -1), .uniform([4, 5]), nil, .bools([true], [])),
      Sample(
        "training, nothing dropped", Dropout(), .floats([1, 2], [2]), .exact(Tensor(0 as Float)), .bools([true], []),
        expected: [.floats([1, 2])]),
    ]
  }

  public static var failures: [Failure] {
    [
      Failure(
        Dropout(), .uniform([2]), .exact(Tensor(1 as Float)), .bools([true], []),
        message: "Dropout: the ratio is 1.0, and should be at least 0 and below 1"),
      Failure(
        Dropout(), .uniform([2]), nil, .ints([1], []),
        message: "Dropout: training_mode should be bool and is int64"),
      Failure(
        Dropout(), .ints([2]), message: "Dropout: the data is int64[1], and only floating-point numbers are dropped"),
    ]
  }
}
