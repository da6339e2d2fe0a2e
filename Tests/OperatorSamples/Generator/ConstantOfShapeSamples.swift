import ThawTensor

extension ConstantOfShape: Sampled {
  public static var samples: [Sample] {
    guard let zeros = try? ConstantOfShape(), let sevens = try? ConstantOfShape(Tensor([7])) else { return [] }
    return [
      Sample("zeros", zeros, .ints([2, 1]), expected: [.floats([0, 0], [2, 1])]),
      Sample("int64", sevens, .ints([3]), expected: [.ints([7, 7, 7])]),
      Sample("scalar", sevens, .ints([]), expected: [.ints([7], [])]),
      Sample("nothing", zeros, .ints([2, 0])),
    ]
  }

  public static var failures: [Failure] {
    guard let zeros = try? ConstantOfShape() else { return [] }
    return [
      Failure(zeros, .ints([2, -1]), message: "ConstantOfShape: there is no tensor of shape [2, -1]"),
      Failure(
        zeros, .ints([Int.max, 2]), message: "ConstantOfShape: there is no tensor of shape [9223372036854775807, 2]"),
      Failure(
        zeros, .ints([0, 1 << 40, 1 << 40]),
        message: "ConstantOfShape: there is no tensor of shape [0, 1099511627776, 1099511627776]"),
    ]
  }
}
