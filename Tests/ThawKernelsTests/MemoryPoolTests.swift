import Testing
import ThawKernels

@Suite struct MemoryPoolTests {
  @Test func blocksAreReused() throws {
    let pool = MemoryPool(capacity: 1 << 20)
    let first = try #require(pool.allocate(byteCount: 1000))
    pool.deallocate(first, byteCount: 1000)
    #expect(pool.cachedBytes >= 1000)
    let second = try #require(pool.allocate(byteCount: 1001))
    #expect(first == second)
    #expect(pool.cachedBytes == 0)
    pool.deallocate(second, byteCount: 1001)
    pool.removeAll()
    #expect(pool.cachedBytes == 0)
  }

  @Test func sizes() throws {
    for size in [0, 1, 63, 64, 65, 511, 513, 1000, 4097, 100_000, 1 << 20, (1 << 20) + 1] {
      let granted = try #require(MemoryPool.sizeClass(size))
      #expect(granted >= size && granted % 64 == 0 && granted <= max(64, size + max(64, size / 8 + 64)))
      let pool = MemoryPool()
      let block = try #require(pool.allocate(byteCount: size))
      #expect(Int(bitPattern: block) % 64 == 0)
      block.initializeMemory(as: UInt8.self, repeating: 1, count: granted)
      pool.deallocate(block, byteCount: size)
    }
  }

  @Test func refusals() {
    let pool = MemoryPool()
    #expect(pool.allocate(byteCount: 1 << 60) == nil)
    #expect(pool.allocate(byteCount: Int.max) == nil)
    #expect(pool.allocate(byteCount: -1) == nil)
  }

  @Test func keepsNoMoreThanItMay() throws {
    let pool = MemoryPool(capacity: 10_000)
    let blocks = try (0..<4).map { _ in try #require(pool.allocate(byteCount: 4096)) }
    for block in blocks { pool.deallocate(block, byteCount: 4096) }
    #expect(pool.cachedBytes == 8192)
  }
}
