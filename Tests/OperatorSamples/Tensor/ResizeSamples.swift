import ThawTensor

private func resize(
  _ mode: Interpolation.Mode, _ coordinates: Interpolation.Coordinates = .halfPixel,
  rounding: Interpolation.Rounding = .preferFloor, excludesOutside: Bool = false, antialiases: Bool = false,
  extrapolationValue: Float = 0, axes: [Int]? = nil, aspectRatio: Resizing.AspectRatio = .stretch
) -> Resize {
  Resize(
    Resizing(
      Interpolation(
        mode: mode, coordinates: coordinates, rounding: rounding, excludesOutside: excludesOutside,
        antialiases: antialiases, extrapolationValue: extrapolationValue), axes: axes, aspectRatio: aspectRatio))
}

private let four: SampleInput = .floats((1...16).map(Double.init), [1, 1, 4, 4])
private func numbers(_ values: [Float]) -> SampleInput { .exact(Tensor(values)) }

extension Resize: Sampled {
  public static var samples: [Sample] {
    [
      Sample(
        "linear, twice", resize(.linear), .floats([1, 2, 3, 4], [1, 1, 2, 2]), nil, numbers([1, 1, 2, 2]),
        expected: [
          .floats(
            [1, 1.25, 1.75, 2, 1.5, 1.75, 2.25, 2.5, 2.5, 2.75, 3.25, 3.5, 3, 3.25, 3.75, 4], [1, 1, 4, 4])
        ]),
      Sample(
        "crop and resize, with what is outside",
        resize(.linear, .cropAndResize, extrapolationValue: 10), four, numbers([0, 0, 0.4, 0.6, 1, 1, 1.2, 1.7]), nil,
        .ints([1, 1, 3, 3]), expected: [.floats([7.6, 10, 10, 12.4, 10, 10, 10, 10, 10], [1, 1, 3, 3])]),
      Sample(
        "cubic, antialiased, smaller", resize(.cubic, antialiases: true), four, nil, numbers([1, 1, 0.6, 0.6]),
        expected: [.floats([2.5180721, 4.2858863, 9.589329, 11.357142], [1, 1, 2, 2])]),
      Sample(
        "linear, antialiased, smaller", resize(.linear, antialiases: true, axes: [1]), .uniform([2, 7]), nil,
        numbers([0.4])),
      Sample(
        "nearest, sizes", resize(.nearest), .floats([1, 2, 3, 4, 5, 6], [2, 3]), nil, nil, .ints([3, 5]),
        expected: [.floats([1, 1, 2, 3, 3, 1, 1, 2, 3, 3, 4, 4, 5, 6, 6], [3, 5])]),
      Sample(
        "nearest, integers", resize(.nearest, .asymmetric, rounding: .floor), .ints([1, 2]), nil, numbers([2]),
        expected: [.ints([1, 1, 2, 2])]),
      Sample(
        "linear, integers are rounded", resize(.linear, .alignCorners), .ints([0, 10]), nil, nil, .ints([4]),
        expected: [.ints([0, 3, 7, 10])]),
      Sample(
        "cubic, aligned corners", resize(.cubic, .alignCorners), .uniform([2, 3, 4]), nil, nil, .ints([2, 5, 7])),
      Sample("cubic, without the outside", resize(.cubic, excludesOutside: true), .uniform([4]), nil, numbers([1.8])),
      Sample(
        "half pixels, as in PyTorch", resize(.linear, .pytorchHalfPixel), .uniform([3, 4]), nil, nil, .ints([1, 2])),
      Sample("half pixels, symmetric", resize(.linear, .halfPixelSymmetric), .uniform([5]), nil, numbers([0.7])),
      Sample(
        "one scale for both axes", resize(.nearest, axes: [-1, 0], aspectRatio: .notLarger), .uniform([4, 2, 2]), nil,
        nil,
        .ints([7, 6])),
      Sample("nearest, ceil", resize(.nearest, rounding: .ceil), .uniform([4]), nil, numbers([1.6])),
      Sample(
        "nearest, halves up, one scale for all", resize(.nearest, rounding: .preferCeil, aspectRatio: .notSmaller),
        .uniform([4, 2]), nil, nil, .ints([5, 3])),
      Sample(
        "in the form of version 10",
        Resize(Resizing(Interpolation(mode: .linear, coordinates: .asymmetric, rounding: .floor)), hasOldInputs: true),
        .floats([1, 2], [2]), numbers([2]), expected: [.floats([1, 1.5, 2, 2])]),
      Sample("nothing changes", resize(.linear), .uniform([2, 3]), nil, numbers([1, 1])),
      Sample("to nothing", resize(.linear), .uniform([2, 3]), nil, nil, .ints([2, 0])),
    ]
  }

  public static var failures: [Failure] {
    [
      Failure(
        resize(.linear), .uniform([2]), message: "Resize: neither scales nor sizes are given; one should be"),
      Failure(
        resize(.linear), .uniform([2]), nil, numbers([1]), .ints([2]),
        message: "Resize: scales and sizes are given; one should be"),
      Failure(
        resize(.linear), .uniform([2, 2]), nil, numbers([1]), message: "Resize: there are 1 scales for 2 axes"),
      Failure(
        resize(.linear), .uniform([2]), nil, numbers([-1]), message: "Resize: a scale is -1.0, and should be above 0"),
      Failure(
        resize(.linear), .uniform([2]), nil, nil, .ints([-1]),
        message: "Resize: a size is -1, and should not be negative"),
      Failure(
        resize(.linear), .uniform([2]), nil, numbers([3e38]),
        message: "Resize: axis 0 of size 2 cannot be resized 3.0000000054977558e+38 times"),
      Failure(
        resize(.linear), .uniform([0]), nil, nil, .ints([2]),
        message: "Resize: axis 0 is empty, and cannot become one of 2"),
      Failure(
        resize(.linear, .cropAndResize), .uniform([2]), nil, nil, .ints([2]),
        message: "Resize: tf_crop_and_resize needs a roi of 2 numbers, and 0 are given"),
      Failure(
        resize(.linear), .bools([true]), nil, nil, .ints([2]),
        message: "Resize: X is bool, and only numbers are interpolated"),
    ]
  }
}

extension ResizeGradient: Sampled {
  public static var samples: [Sample] {
    [
      Sample(
        "linear, twice", ResizeGradient(resize(.linear).resizing), .uniform([1, 4, 6]), .ints([1, 2, 3]), nil,
        numbers([1, 2, 2])),
      Sample(
        "nearest", ResizeGradient(resize(.nearest, rounding: .floor).resizing), .floats([1, 2, 3], [3]), .ints([2]),
        nil,
        nil, .ints([3]), expected: [.floats([3, 3])]),
      Sample(
        "cropped", ResizeGradient(resize(.linear, .cropAndResize).resizing), .uniform([3, 3]), .ints([4, 4]),
        numbers([0.4, 0.6, 1.2, 1.7]), nil, .ints([3, 3])),
    ]
  }

  public static var failures: [Failure] {
    [
      Failure(
        ResizeGradient(resize(.linear).resizing), .uniform([3]), .ints([2]), nil, nil, .ints([4]),
        message: "ResizeGradient: the gradient has the shape [3], and the result [4]")
    ]
  }
}

extension Upsample: Sampled {
  public static var samples: [Sample] {
    [
      Sample(
        "nearest", Upsample(), .floats([1, 2], [1, 2]), numbers([2, 2]),
        expected: [.floats([1, 1, 2, 2, 1, 1, 2, 2], [2, 4])]),
      Sample(
        "linear", Upsample(mode: .linear), .floats([1, 2], [1, 2]), numbers([1, 2]),
        expected: [.floats([1, 1.5, 2, 2], [1, 4])]),
      Sample("two in a batch", Upsample(mode: .linear), .uniform([2, 3]), numbers([1, 2])),
    ]
  }
}
