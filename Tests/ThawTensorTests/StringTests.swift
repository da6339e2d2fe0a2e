import OperatorSamples
import Testing
import ThawTensor
import ThawTypes

/// Strings where operators on numbers take them too.
@Suite("Strings") struct StringTests {
  private static let words = Tensor.texts(["a", "b", "c", "a", "", "ü"], [2, 3])

  private func check(_ operation: any Operator, _ inputs: Tensor..., gives texts: [String], _ shape: [Int]) throws {
    let result = try #require(try apply(operation, to: inputs.map(Value.tensor))[0]?.tensor)
    #expect(result.shape == shape)
    #expect(try result.strings().map { String(decoding: $0, as: UTF8.self) } == texts)
  }

  @Test("are moved as numbers are")
  func moved() throws {
    let words = Self.words
    try check(
      Concat(axis: 0), words, words, gives: ["a", "b", "c", "a", "", "ü", "a", "b", "c", "a", "", "ü"], [4, 3])
    try check(Gather(axis: 1), words, .ints([2, 0]), gives: ["c", "a", "ü", "a"], [2, 2])
    try check(
      Where(), .bools([true, false, true]), words, .texts(["x"]), gives: ["a", "x", "c", "a", "x", "ü"], [2, 3])
    try check(Transpose(permutation: [1, 0]), words, gives: ["a", "a", "b", "", "c", "ü"], [3, 2])
    try check(Unique(), words, gives: ["", "a", "b", "c", "ü"], [5])
    try check(Unique(axis: 1, sorts: false), words, gives: ["a", "b", "c", "a", "", "ü"], [2, 3])
    try check(GatherND(), words, .ints([1, 2, 0, 1], [2, 2]), gives: ["ü", "b"], [2])
    try check(
      ReverseSequence(batchAxis: 0, timeAxis: 1), words, .ints([3, 2]), gives: ["c", "b", "a", "", "a", "ü"], [2, 3])
    try check(
      ScatterElements(axis: 1), words, .ints([2, 0], [2, 1]), .texts(["x", "y"], [2, 1]),
      gives: ["a", "b", "x", "y", "", "ü"], [2, 3])
    try check(
      ScatterND(), words, .ints([1], [1, 1]), .texts(["x", "y", "z"], [1, 3]), gives: ["a", "b", "c", "x", "y", "z"],
      [2, 3])
    try check(Compress(axis: 1), words, .bools([true, false, true]), gives: ["a", "c", "a", "ü"], [2, 2])
    try check(Pad(), words, .ints([0, 0, 0, 1]), gives: ["a", "b", "c", "", "a", "", "ü", ""], [2, 4])
    try check(Pad(), words, .ints([0, 0, -1, 1]), .texts(["x"], []), gives: ["a", "b", "c", "x"], [1, 4])
    try check(Pad(mode: .edge), words, .ints([0, 1, -1, 0]), gives: ["a", "a", "b", "c"], [1, 4])
    try check(CenterCropPad(axes: [1]), words, .ints([1]), gives: ["b", ""], [2, 1])
    try check(Trilu(), words, gives: ["a", "b", "c", "", "", "ü"], [2, 3])
    try check(
      Tile(), words, .ints([1, 2]), gives: ["a", "b", "c", "a", "b", "c", "a", "", "ü", "a", "", "ü"], [2, 6])
    try check(
      Upsample(), .texts(["a", "b"], [1, 2]), Tensor([2, 1] as [Float]), gives: ["a", "b", "a", "b"], [2, 2])
    let error = #expect(throws: TensorError.self) { try apply(Gather(), to: words, .ints([2])) }
    #expect(error?.message == "Gather: the index 2 is out of range for axis 0 of size 2 (expected -2 to 1)")
  }

  @Test("are refused where elements are computed")
  func refused() throws {
    let words = Self.words
    #expect(throws: TensorError.self) {
      try apply(ScatterND(reduction: .add), to: words, .ints([1], [1, 1]), .texts(["x", "y", "z"], [1, 3]))
    }
    #expect(throws: TensorError.self) {
      try apply(ScatterElements(reduction: .max), to: words, .ints([0], [1, 1]), .texts(["x"], [1, 1]))
    }
    #expect(throws: TensorError.self) { try apply(Upsample(mode: .linear), to: words, Tensor([2, 2] as [Float])) }
    #expect(throws: TensorError.self) { try apply(Pad(), to: words, .ints([0, 0, 0, 1]), .ints([3], [])) }
  }

  @Test("are cast to numbers and back")
  func cast() throws {
    let texts = Tensor.texts(["3.14", " 1e-5 ", "+INF", "-inf", "NaN", "1E8"])
    let numbers = try texts.cast(to: .float32).elements(as: Float.self)
    #expect(numbers[..<4] == [3.14, 1e-5, .infinity, -.infinity] && numbers[4].isNaN && numbers[5] == 1e8)
    #expect(try Tensor.texts(["7", "-3", "100.5"]).cast(to: .int64).elements(as: Int.self) == [7, -3, 100])
    try check(
      Cast(to: .string), Tensor([1, -2.5, 0.1, .nan, -.infinity] as [Float]),
      gives: ["1", "-2.5", "0.1", "NaN", "-INF"],
      [5])
    try check(Cast(to: .string), Tensor([1, -20]), gives: ["1", "-20"], [2])
    try check(Cast(to: .string), Tensor([true, false]), gives: ["1", "0"], [2])
    for (text, dtype) in [("Hello", DType.float32), ("0x10", .float64), ("", .int32), ("300", .uint8)] {
      #expect(throws: TensorError.self) { try withErrors { Tensor.texts([text]).cast(to: dtype) } }
    }
  }

  @Test(
    "a pattern that is none is told with its place",
    arguments: [
      ("a)", "a ')' without its '(' at character 1"), ("(a", "a '(' without its ')' at character 2"),
      ("*a", "a '*' that repeats nothing at character 0"), ("[a", "a '[' without its ']' at character 2"),
      ("a{2,1}", "a repetition that is not from 0 to 1000 times at character 6"),
      ("(a)\\1", "a back reference, which no regular expression has at character 5"),
      ("\\p{Greek}", "'Greek', which is no category of Unicode that is supported at character 9"),
      ("[b-a]", "a range that is none at character 4"), ("a\\", "a '\\' with nothing behind it at character 2"),
    ])
  func wrongPattern(pattern: String, message: String) throws {
    let error = #expect(throws: TensorError.self) { try RegexFullMatch(pattern: pattern) }
    #expect(error?.message == "RegexFullMatch: the regular expression '\(pattern)' has \(message)")
  }

  @Test("a pattern that unfolds to millions is refused")
  func largePattern() {
    #expect(throws: TensorError.self) { try RegexFullMatch(pattern: "((a{1000}){1000}){1000}") }
    #expect(throws: TensorError.self) { try RegexFullMatch(pattern: String(repeating: "(", count: 100_000)) }
  }
}
