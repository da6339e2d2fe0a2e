import Testing
import Thaw

@Suite("Threads") struct ThreadsTests {
  @Test("how many, in a scope") func scope() throws {
    let before = Threads.count
    #expect((1...Threads.limit).contains(before) && Threads.cores >= 1)
    try Threads.with(2) { #expect(Threads.count == 2) }
    #expect(Threads.count == before)
    try Threads.use(before)
    #expect(Threads.count == before)
  }

  @Test("out of range", arguments: [Int.min, -1, 0, 257, Int.max]) func range(count: Int) {
    let error = #expect(throws: TensorError.self) { try Threads.use(count) }
    #expect(error?.kind == .range)
    #expect(
      error?.message.hasPrefix("the number of threads should be from 1 to \(Threads.limit) and is \(count);") == true)
    #expect(throws: TensorError.self) { try Threads.with(count) {} }
  }

  @Test("deterministic gradients, any number of threads") func gradients() throws {
    let image = try RandomGenerator(seed: 1).uniform([8, 16, 20, 20])
    func gradient(threads: Int) throws -> [Float] {
      let weight = try RandomGenerator(seed: 2).uniform([32, 16, 3, 3]).requiringGrad()
      try Threads.with(threads) {
        try deterministic { try image.conv(weight).sum().backward() }
      }
      return try #require(weight.grad).elements(as: Float.self)
    }
    let expected = try gradient(threads: 1)
    for threads in [2, 3] { #expect(try gradient(threads: threads) == expected) }
  }
}
