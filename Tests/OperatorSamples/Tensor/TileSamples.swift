import ThawTensor

extension Tile: Sampled {
  public static var samples: [Sample] {
    [
      Sample(
        "both axes", Tile(), .floats([1, 2, 3, 4], [2, 2]), .ints([2, 2]),
        expected: [.floats([1, 2, 1, 2, 3, 4, 3, 4, 1, 2, 1, 2, 3, 4, 3, 4], [4, 4])]),
      Sample("an axis left as it is", Tile(), .uniform([2, 1, 3]), .ints([1, 4, 2])),
      Sample("scalar", Tile(), .uniform([]), .ints([])),
      Sample("no times", Tile(), .ints([1, 2]), .ints([0]), expected: [.ints([])]),
    ]
  }

  public static var failures: [Failure] {
    [
      Failure(
        Tile(), .uniform([2, 3]), .ints([2]),
        message: "Tile: the repeats [2] should be 2 numbers, one for each axis, none of them negative"),
      Failure(
        Tile(), .uniform([2]), .ints([-1]),
        message: "Tile: the repeats [-1] should be 1 numbers, one for each axis, none of them negative"),
      Failure(
        Tile(), .uniform([2]), .ints([Int.max]),
        message: "Tile: an axis of size 2 cannot be repeated 9223372036854775807 times"),
      Failure(
        Tile(), .uniform([2, 2]), .ints([1 << 40, 1 << 40]),
        message: "Tile: a tensor of shape [2, 2] repeated [1099511627776, 1099511627776] times fits no memory"),
    ]
  }
}
