import ThawTensor

extension Equal: Sampled {
  public static var samples: [Sample] {
    let words = (try? Tensor(strings: ["one", "two"].map { Array($0.utf8) }, shape: [2, 1])) ?? Tensor(0)
    let word = (try? Tensor(strings: [Array("two".utf8)], shape: [1])) ?? Tensor(0)
    return [
      Sample("strings", Equal(), .exact(words), .exact(word), expected: [.bools([false, true], [2, 1])]),
      Sample("truth values", Equal(), .bools([true, false]), .bools([true]), expected: [.bools([true, false])]),
      Sample(
        "floats", Equal(), .exact(.floats([1, 2, 3, .nan])), .exact(.floats([2, 2, 2, .nan])),
        expected: [.bools([false, true, false, false])]),
      Sample(
        "broadcast integers", Equal(), .ints([1, 2, 3]), .ints([2], [1, 1]),
        expected: [.bools([false, true, false], [1, 3])]),
    ]
  }
}

extension Less: Sampled {
  public static var samples: [Sample] {
    [
      Sample(
        "floats", Less(), .exact(.floats([1, 2, 3, .nan])), .exact(.floats([2, 2, 2, .nan])),
        expected: [.bools([true, false, false, false])]),
      Sample(
        "broadcast integers", Less(), .ints([1, 2, 3]), .ints([2], [1, 1]),
        expected: [.bools([true, false, false], [1, 3])]),
    ]
  }
}

extension Greater: Sampled {
  public static var samples: [Sample] {
    [
      Sample(
        "floats", Greater(), .exact(.floats([1, 2, 3, .nan])), .exact(.floats([2, 2, 2, .nan])),
        expected: [.bools([false, false, true, false])]),
      Sample(
        "broadcast integers", Greater(), .ints([1, 2, 3]), .ints([2], [1, 1]),
        expected: [.bools([false, false, true], [1, 3])]),
    ]
  }
}

extension LessOrEqual: Sampled {
  public static var samples: [Sample] {
    [
      Sample(
        "floats", LessOrEqual(), .exact(.floats([1, 2, 3, .nan])), .exact(.floats([2, 2, 2, .nan])),
        expected: [.bools([true, true, false, false])]),
      Sample(
        "broadcast integers", LessOrEqual(), .ints([1, 2, 3]), .ints([2], [1, 1]),
        expected: [.bools([true, true, false], [1, 3])]),
    ]
  }
}

extension GreaterOrEqual: Sampled {
  public static var samples: [Sample] {
    [
      Sample(
        "floats", GreaterOrEqual(), .exact(.floats([1, 2, 3, .nan])), .exact(.floats([2, 2, 2, .nan])),
        expected: [.bools([false, true, true, false])]),
      Sample(
        "broadcast integers", GreaterOrEqual(), .ints([1, 2, 3]), .ints([2], [1, 1]),
        expected: [.bools([false, true, true], [1, 3])]),
    ]
  }
}
