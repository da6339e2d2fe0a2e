import ThawTensor

extension GridSample: Sampled {
  private static var grid: SampleInput { .uniform([2, 3, 2, 2], -1.4...1.4) }

  public static var samples: [Sample] {
    [
      Sample(
        "whole numbers", GridSample(mode: .nearest), .ints([1, 2, 3, 4], [1, 1, 2, 2]),
        .exact(.floats([0.5, -0.5], [1, 1, 1, 2])), expected: [.ints([2], [1, 1, 1, 1])]),
      Sample(
        "between four elements", GridSample(), .floats([1, 2, 3, 4], [1, 1, 2, 2]),
        .exact(.floats([0, 0, 1, -1], [1, 1, 2, 2])),
        expected: [.floats([2.5, 0.5], [1, 1, 1, 2])]),
      Sample(
        "aligned corners", GridSample(alignsCorners: true), .floats([1, 2, 3, 4], [1, 1, 2, 2]),
        .exact(.floats([0, 0, 1, -1], [1, 1, 2, 2])), expected: [.floats([2.5, 2], [1, 1, 1, 2])]),
      Sample("linear, zeros", GridSample(), .uniform([2, 2, 3, 4]), grid),
      Sample("linear, the border", GridSample(padding: .border), .uniform([2, 1, 3, 4]), grid),
      Sample("linear, mirrored", GridSample(padding: .reflection), .uniform([2, 1, 3, 4]), grid),
      Sample(
        "linear, mirrored, aligned", GridSample(padding: .reflection, alignsCorners: true), .uniform([2, 1, 3, 4]), grid
      ),
      Sample("nearest", GridSample(mode: .nearest), .uniform([2, 1, 3, 4]), grid),
      Sample("cubic", GridSample(mode: .cubic), .uniform([2, 1, 3, 4]), grid),
      Sample("cubic, the border", GridSample(mode: .cubic, padding: .border), .uniform([2, 1, 3, 4]), grid),
      Sample("three axes", GridSample(), .uniform([1, 2, 2, 3, 2]), .uniform([1, 1, 2, 2, 3], -1.2...1.2)),
    ]
  }

  public static var failures: [Failure] {
    [
      Failure(
        GridSample(), .uniform([1, 1, 2, 2]), .uniform([1, 2, 2, 3]),
        message:
          "GridSample: X is float32[1, 1, 2, 2] and the grid float32[1, 2, 2, 3]; of rank 3 to 5 each, with the same "
          + "batch, the grid's last axis having a coordinate for each of X's spatial axes")
    ]
  }
}

extension AffineGrid: Sampled {
  public static var samples: [Sample] {
    [
      Sample(
        "nothing moves", AffineGrid(alignsCorners: true), .floats([1, 0, 0, 0, 1, 0], [1, 2, 3]), .ints([1, 1, 2, 2]),
        expected: [.floats([-1, -1, 1, -1, -1, 1, 1, 1], [1, 2, 2, 2])]),
      Sample("edges", AffineGrid(), .uniform([2, 2, 3]), .ints([2, 1, 3, 2])),
      Sample("three axes", AffineGrid(), .uniform([1, 3, 4]), .ints([1, 1, 2, 1, 3])),
    ]
  }

  public static var failures: [Failure] {
    [
      Failure(
        AffineGrid(), .uniform([1, 2, 3]), .ints([2, 1, 2, 2]),
        message:
          "AffineGrid: theta has the shape [1, 2, 3], and for the size [2, 1, 2, 2] it should have [2, 2, 3]"),
      Failure(
        AffineGrid(), .uniform([1, 2, 3]), .ints([1, 1, 2]),
        message: "AffineGrid: the size is [1, 1, 2], and should be of images: 4 or 5 positive numbers"),
    ]
  }
}
