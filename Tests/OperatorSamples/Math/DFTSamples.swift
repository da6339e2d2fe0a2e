import ThawTensor

extension DFT: Sampled {
  public static var samples: [Sample] {
    [
      Sample(
        "of real numbers", DFT(), .floats([1, 2, 3, 4], [1, 4, 1]),
        expected: [.floats([10, 0, -2, 2, -2, 0, -2, -2], [1, 4, 2])]),
      Sample(
        "their first half", DFT(isOnesided: true), .floats([1, 2, 3, 4], [1, 4, 1]),
        expected: [.floats([10, 0, -2, 2, -2, 0], [1, 3, 2])]),
      Sample(
        "and back", DFT(isInverse: true, isOnesided: true), .floats([10, 0, -2, 2, -2, 0], [1, 3, 2]),
        expected: [.floats([1, 2, 3, 4], [1, 4, 1])]),
      Sample("of complex numbers, the inverse", DFT(isInverse: true), .uniform([2, 5, 2])),
      Sample("another axis, longer", DFT(), .uniform([3, 2, 1]), .ints([5], []), .ints([0], [])),
      Sample("of many factors", DFT(), .uniform([1, 60, 2])),
      Sample("of one place", DFT(isInverse: true), .uniform([2, 1, 1])),
      Sample("a real signal of two factors, no batch", DFT(), .uniform([6, 1])),
      Sample("to real numbers, of even length", DFT(isInverse: true, isOnesided: true), .uniform([7, 2])),
      Sample("shorter, an odd half back", DFT(isInverse: true, isOnesided: true), .uniform([1, 4, 2]), .ints([5], [])),
    ]
  }

  public static var failures: [Failure] {
    [
      Failure(
        DFT(), .uniform([2, 3]),
        message: "DFT: the input has the dimensions [2, 3]; the last should be 1 or 2, and the axis another"),
      Failure(
        DFT(), .uniform([1, 3, 1]), .ints([0], []), message: "DFT: the length is 0, and should be from 1 to 2²⁰"),
    ]
  }
}

extension STFT: Sampled {
  public static var samples: [Sample] {
    [
      Sample(
        "two pieces", STFT(), .floats([1, 2, 3, 4], [1, 4, 1]), .ints([2], []), nil, .ints([2], []),
        expected: [.floats([3, 0, -1, 0, 7, 0, -1, 0], [1, 2, 2, 2])]),
      Sample(
        "a real signal without its last axis", STFT(), .floats([1, 2, 3, 4], [1, 4]), .ints([2], []), nil,
        .ints([2], []),
        expected: [.floats([3, 0, -1, 0, 7, 0, -1, 0], [1, 2, 2, 2])]),
      Sample("under a window, whole", STFT(isOnesided: false), .uniform([2, 7, 1]), .ints([2], []), .uniform([3])),
      Sample("complex", STFT(isOnesided: false), .uniform([1, 4, 2]), .ints([1], []), .uniform([4]), .ints([4], [])),
    ]
  }

  public static var failures: [Failure] {
    [
      Failure(
        STFT(), .uniform([1, 4, 1]), .ints([1], []), message: "STFT: neither a window nor a frame_length is given"),
      Failure(
        STFT(), .uniform([1, 4, 1]), .ints([0], []), nil, .ints([2], []),
        message: "STFT: of a signal of 4 places, pieces of 2 in steps of [0] cannot be taken"),
    ]
  }
}
