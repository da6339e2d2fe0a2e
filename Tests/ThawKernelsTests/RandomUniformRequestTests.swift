import Testing
import ThawKernels
import ThawTypes

@Suite struct RandomUniformRequestTests {
  static func numbers(_ dtype: DType, _ count: Int, seed: UInt64 = 7, offset: UInt64 = 0) throws -> [Double] {
    let out = Block(count: count, dtype)
    try compute(RandomUniformRequest(dtype: dtype, count: count, seed: seed, offset: offset), [out.whole])
    return out.values
  }

  /// The words that the authors of Philox publish for the counter 0 and the key 0.
  @Test func knownAnswer() throws {
    let word: UInt32 = 0x6627_e8d5
    #expect(try Self.numbers(.float32, 1, seed: 0) == [Double(word >> 8) / 16_777_216])
    let long = UInt64(0xe169_c58d) << 32 | UInt64(word)
    #expect(try Self.numbers(.float64, 1, seed: 0) == [Double(long >> 11) / 9_007_199_254_740_992])
  }

  @Test(arguments: [DType.float32, .float64])
  func moments(dtype: DType) throws {
    let numbers = try Self.numbers(dtype, 200_000)
    let count = Double(numbers.count)
    let mean = numbers.reduce(0, +) / count
    let variance = numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count
    #expect(abs(mean - 0.5) < 0.003 && abs(variance - 1.0 / 12) < 0.001)
    #expect(numbers.allSatisfy { $0 >= 0 && $0 < 1 })
  }

  @Test("between bounds they are those between 0 and 1, moved", arguments: [DType.float32, .float64])
  func bounds(dtype: DType) throws {
    let out = Block(count: 1000, dtype)
    try compute(RandomUniformRequest(dtype: dtype, count: 1000, seed: 7, offset: 0, from: -0.1, to: 0.3), [out.whole])
    for (moved, unit) in try zip(out.values, Self.numbers(dtype, 1000)) {
      // Each step is rounded by itself.
      let expected =
        dtype == .float32
        ? Double(Float(unit) * Float(0.3 - -0.1) + Float(-0.1)) : unit * (0.3 - -0.1) + -0.1
      #expect(moved == expected)
    }
  }

  @Test func offsetsContinue() throws {
    let all = try Self.numbers(.float32, 300_000)
    #expect(try Array(all[250_000...]) == Self.numbers(.float32, 50_000, offset: 250_000))
    #expect(try Self.numbers(.float32, 10) != Self.numbers(.float32, 10, seed: 8))
    #expect(try Self.numbers(.float32, 0).isEmpty)
  }
}
