import ThawTensor

extension MelWeightMatrix: Sampled {
  private static func hertz(_ value: Float) -> SampleInput { .exact(Tensor(value)) }

  public static var samples: [Sample] {
    [
      Sample(
        "one band", MelWeightMatrix(), .ints([1], []), .ints([8], []), .ints([8000], []), hertz(0), hertz(4000),
        expected: [.floats([1, 0.5, 0, 0, 0], [5, 1])]),
      Sample(
        "several", MelWeightMatrix(), .ints([8], []), .ints([16], []), .ints([8192], []), hertz(0), hertz(4096)),
    ]
  }

  public static var failures: [Failure] {
    [
      Failure(
        MelWeightMatrix(), .ints([0], []), .ints([8], []), .ints([8000], []), hertz(0), hertz(4000),
        message:
          "MelWeightMatrix: num_mel_bins is [0] and dft_length [8]; both should be one number above 0, up to 2¹⁶ and 2²⁰"
      ),
      Failure(
        MelWeightMatrix(), .ints([2], []), .ints([8], []), .ints([100], []), hertz(0), hertz(4000),
        message: "MelWeightMatrix: bands from 0.0 to 4000.0 Hz do not lie in the spectrum of a sample rate of 100.0"),
    ]
  }
}
