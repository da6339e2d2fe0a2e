import ThawTensor

private func bytes(_ values: [UInt8]) -> SampleInput { .exact(Tensor(elements: values)) }

extension BitShift: Sampled {
  public static var samples: [Sample] {
    [
      Sample(
        "to the left", BitShift(toLeft: true), bytes([16, 4, 1]), bytes([1, 2, 9]),
        expected: [Tensor(elements: [32, 16, 0] as [UInt8])]),
      Sample(
        "to the right", BitShift(toLeft: false), bytes([16, 4, 1]), bytes([1, 2, 3]),
        expected: [Tensor(elements: [8, 1, 0] as [UInt8])]),
    ]
  }

  public static var failures: [Failure] {
    [
      Failure(
        BitShift(toLeft: true), .uniform([1]), .uniform([1]),
        message: "BitShift: the inputs are float32, and should be integers")
    ]
  }
}

extension BitwiseAnd: Sampled {
  public static var samples: [Sample] {
    [Sample("integers", BitwiseAnd(), .ints([12, -1]), .ints([10, 7]), expected: [.ints([8, 7])])]
  }

  public static var failures: [Failure] {
    [
      Failure(
        BitwiseAnd(), .bools([true]), .bools([true]), message: "BitwiseAnd: the inputs are bool, and should be integers"
      ),
      Failure(
        BitwiseAnd(), .ints([1]), bytes([1]),
        message: "BitwiseAnd: the inputs are int64 and uint8; ONNX has no promotion: cast one with Cast (cast(to:))"),
    ]
  }
}

extension BitwiseOr: Sampled {
  public static var samples: [Sample] {
    [Sample("integers", BitwiseOr(), .ints([12, 1]), .ints([10]), expected: [.ints([14, 11])])]
  }
}

extension BitwiseXor: Sampled {
  public static var samples: [Sample] {
    [Sample("integers", BitwiseXor(), .ints([12, 1]), .ints([10]), expected: [.ints([6, 11])])]
  }
}

extension BitwiseNot: Sampled {
  public static var samples: [Sample] {
    [
      Sample("integers", BitwiseNot(), .ints([5, -1]), expected: [.ints([-6, 0])]),
      Sample("bytes", BitwiseNot(), bytes([5, 255]), expected: [Tensor(elements: [250, 0] as [UInt8])]),
    ]
  }
}
