import ThawTensor

extension TopK: Sampled {
  private static var numbers: SampleInput { .floats([0, 1, 2, 3, 7, 6, 5, 4], [2, 4]) }

  public static var samples: [Sample] {
    [
      Sample(
        "the greatest", TopK(), numbers, .ints([2]), wanted: .all, outputs: 2,
        expected: [.floats([3, 2, 7, 6], [2, 2]), .ints([3, 2, 0, 1], [2, 2])]),
      Sample(
        "the least, of columns", TopK(axis: 0, largest: false), numbers, .ints([1]), wanted: .all, outputs: 2,
        expected: [.floats([0, 1, 2, 3], [1, 4]), .ints([0, 0, 0, 0], [1, 4])]),
      Sample(
        "equal ones, and what is no number", TopK(), .exact(.floats([1, .nan, 1, 2])), .ints([4]), wanted: .all,
        outputs: 2,
        expected: [.floats([.nan, 2, 1, 1]), .ints([1, 3, 0, 2])]),
      Sample("a middle axis", TopK(axis: 1), .distinct([2, 4, 3]), .ints([3])),
      Sample("none", TopK(), .uniform([2, 3]), .ints([0])),
      Sample("integers", TopK(), .ints([3, 9, 4]), .ints([1]), expected: [.ints([9])]),
    ]
  }

  public static var failures: [Failure] {
    [
      Failure(
        TopK(), .uniform([3]), .ints([4]),
        message: "TopK: K is [4], and should be one number from 0 to the axis's size, 3")
    ]
  }
}

extension Einsum: Sampled {
  public static var samples: [Sample] {
    [
      Sample(
        "a product of matrices", Einsum("ij,jk->ik"), .floats([1, 2, 3, 4], [2, 2]), .floats([1, 0, 2, 1], [2, 2]),
        expected: [.floats([5, 2, 11, 4], [2, 2])]),
      Sample(
        "a transpose", Einsum("ij->ji"), .floats([1, 2, 3, 4, 5, 6], [2, 3]),
        expected: [.floats([1, 4, 2, 5, 3, 6], [3, 2])]),
      Sample("a trace", Einsum("ii"), .floats([1, 2, 3, 4], [2, 2]), expected: [.floats([5], [])]),
      Sample("a diagonal of several", Einsum("...ii->...i"), .uniform([2, 3, 3])),
      Sample("sums of rows", Einsum("ij->i"), .floats([1, 2, 3, 4], [2, 2]), expected: [.floats([3, 7])]),
      Sample("an outer product", Einsum("i,j"), .uniform([2]), .uniform([3])),
      Sample("batches", Einsum("bij, bjk -> bik"), .uniform([2, 2, 3]), .uniform([2, 3, 2])),
      Sample("an ellipsis that broadcasts", Einsum("...ij,...jk"), .uniform([1, 2, 2]), .uniform([3, 2, 2])),
      Sample("attention", Einsum("bhqd,bkhd->bhqk"), .uniform([1, 2, 3, 2]), .uniform([1, 2, 2, 2])),
      Sample("three factors", Einsum("ij,jk,kl->il"), .uniform([2, 2]), .uniform([2, 3]), .uniform([3, 1])),
      Sample("what only one has is summed", Einsum("ij,k->i"), .uniform([2, 2]), .uniform([2])),
      Sample("nothing is summed", Einsum("ij,jk->ik"), .uniform([2, 0]), .uniform([0, 3])),
    ]
  }

  public static var failures: [Failure] {
    [
      Failure(
        Einsum("ij,jk"), .uniform([2, 2]), message: "Einsum: the equation 'ij,jk' has 2 terms for 1 inputs"),
      Failure(
        Einsum("ij->ik"), .uniform([2, 2]),
        message: "Einsum: the equation 'ij->ik' may name each axis of an input once in its result"),
      Failure(
        Einsum("ij,jk"), .uniform([2, 2]), .uniform([3, 2]),
        message: "Einsum: in 'ij,jk' the axes 'j' have the sizes 2 and 3"),
      Failure(
        Einsum("i"), .uniform([2, 2]), message: "Einsum: the equation 'i' names 1 axes in 'i', and the input has 2"),
      Failure(
        Einsum("i1"), .uniform([2, 2]),
        message: "Einsum: the equation 'i1' may hold letters and one ellipsis in each term, and has 'i1'"),
      Failure(
        Einsum("...i..."), .uniform([2]),
        message: "Einsum: the equation '...i...' holds more than one ellipsis in '...i...'"),
      Failure(
        Einsum("i-j"), .uniform([2]), message: "Einsum: the equation 'i-j' has a '-' that does not begin an arrow"),
    ]
  }
}

extension Det: Sampled {
  public static var samples: [Sample] {
    [
      Sample("two rows", Det(), .floats([0, 1, 2, 3], [2, 2]), expected: [.floats([-2], [])]),
      Sample("several", Det(), .uniform([2, 3, 3])),
      Sample("singular", Det(), .floats([1, 2, 2, 4], [2, 2]), expected: [.floats([0], [])]),
      Sample("one element", Det(), .uniform([2, 1, 1])),
    ]
  }

  public static var failures: [Failure] {
    [
      Failure(
        Det(), .uniform([2, 3]), message: "Det: X is float32[2, 3], and should be a square matrix or several")
    ]
  }
}
