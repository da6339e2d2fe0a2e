import Testing

@testable import ThawONNX

@Suite("Spools") struct SpoolTests {
  @Test(
    "what is written is read, in memory up to the budget and in a file beyond",
    arguments: [0, 1, 64, 65_535, 65_536, 200_000, 1 << 20], [1 << 16, 1 << 18, Int.max])
  func bytes(count: Int, limit: Int) throws {
    let budget = MemoryBudget(limit: limit)
    let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
    do {
      let spool = Spool(budget)
      for start in stride(from: 0, to: count, by: 7_777) {
        try bytes[start..<min(start + 7_777, count)].withUnsafeBytes { try spool.append($0) }
      }
      let region = try spool.finish()
      #expect([UInt8](region) == bytes)
      #expect(region.isInMemory || count > limit / 4)
      #expect(count <= limit || !region.isInMemory)
      #expect(budget.peak <= max(limit, 1 << 16))
    }
    #expect(budget.held == 0)
  }

  @Test("what is expected is taken at once, if the budget has it")
  func expected() throws {
    let budget = MemoryBudget(limit: 1 << 20)
    let spool = Spool(budget, expecting: 1 << 20)
    #expect(budget.held == 1 << 20)
    let other = Spool(budget, expecting: 1 << 20)
    try [UInt8](repeating: 7, count: 100_000).withUnsafeBytes { try other.append($0) }
    #expect(try !other.finish().isInMemory)
    #expect(try spool.finish().isEmpty)
    #expect(budget.peak == 1 << 20)
  }
}
