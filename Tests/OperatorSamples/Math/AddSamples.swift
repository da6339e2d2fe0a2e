import ThawTensor

extension Add: Sampled {
  public static var samples: [Sample] {
    [
      Sample(
        "vectors", Add(), .floats([1, 2, 3], [3]), .floats([10, 20, 30], [3]),
        expected: [Tensor([11, 22, 33] as [Float])]),
      Sample("broadcast both ways", Add(), .uniform([2, 1, 3]), .uniform([4, 1])),
      Sample("scalar", Add(), .uniform([2, 3]), .uniform([])),
      Sample("empty", Add(), .uniform([0, 3]), .uniform([3])),
      Sample(
        "integers wrap", Add(), .exact(Tensor([Int.max, 1])), .exact(Tensor([1, 2])),
        expected: [Tensor([Int.min, 3])]),
    ]
  }

  public static var failures: [Failure] {
    [
      Failure(
        Add(), .uniform([2, 3]), .uniform([2, 4]),
        message: "Add: the shapes [2, 3] and [2, 4] do not broadcast: counted from the last, dimensions must be equal "
          + "or 1"),
      Failure(
        Add(), .uniform([2]), .exact(Tensor([1, 2])),
        message: "Add: the inputs are float32 and int64; ONNX has no promotion: cast one with Cast (cast(to:))"),
      Failure(Add(), .uniform([2]), message: "Add: input 1 (B) is missing"),
    ]
  }
}
