import ThawTensor

extension Reshape: Sampled {
  public static var samples: [Sample] {
    [
      Sample(
        "what is left", Reshape(), .floats([1, 2, 3, 4, 5, 6], [2, 3]), .ints([3, -1]),
        expected: [.floats([1, 2, 3, 4, 5, 6], [3, 2])]),
      Sample("a dimension kept", Reshape(), .uniform([2, 3, 4]), .ints([0, -1])),
      Sample("to a scalar", Reshape(), .uniform([1, 1]), .ints([])),
      Sample("zero means zero", Reshape(allowsZero: true), .uniform([0, 3]), .ints([3, 0])),
      Sample("none left", Reshape(), .uniform([0, 3]), .ints([-1])),
    ]
  }

  public static var failures: [Failure] {
    [
      Failure(
        Reshape(), .uniform([2, 3]), .ints([4, -1]),
        message: "Reshape: 6 elements of shape [2, 3] do not divide into [4, -1]"),
      Failure(
        Reshape(), .uniform([2, 3]), .ints([-1, -1]),
        message: "Reshape: the shape [-1, -1] may hold one -1 and no other negative number"),
      Failure(
        Reshape(), .uniform([2, 3]), .ints([7]),
        message: "Reshape: the input of shape [2, 3] has 6 elements, which do not fill the shape [7]"),
      Failure(
        Reshape(), .uniform([6]), .ints([6, 0]),
        message: "Reshape: the shape [6, 0] keeps dimension 1, and the input of shape [6] has none"),
      Failure(
        Reshape(), .uniform([6]), .ints([Int.max, Int.max, -1]),
        message: "Reshape: 6 elements of shape [6] do not divide into [9223372036854775807, 9223372036854775807, -1]"),
    ]
  }
}
