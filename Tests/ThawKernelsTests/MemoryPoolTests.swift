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

  @Test func largerBlocksServe() throws {
    let pool = MemoryPool()
    let large = try #require(pool.allocate(byteCount: 3 << 20))
    pool.deallocate(large, byteCount: 3 << 20)
    let smaller = try #require(pool.allocate(byteCount: 2 << 20))
    #expect(smaller == large)
    pool.deallocate(smaller, byteCount: 2 << 20)
    #expect(pool.cachedBytes == 3 << 20)
    // A small part of a large block would keep the rest from others.
    let tiny = try #require(pool.allocate(byteCount: 1 << 20))
    #expect(tiny != large)
    pool.deallocate(tiny, byteCount: 1 << 20)
  }

  @Test func holdsLittleMoreThanWasInUse() throws {
    let pool = MemoryPool()
    // Each is too large for those before it.
    for megabytes in stride(from: 20, through: 200, by: 20) {
      let block = try #require(pool.allocate(byteCount: megabytes << 20))
      pool.deallocate(block, byteCount: megabytes << 20)
    }
    #expect(pool.cachedBytes <= 240 << 20)
  }

  @Test func keepsNoMoreThanItMay() throws {
    let pool = MemoryPool(capacity: 10_000)
    let blocks = try (0..<4).map { _ in try #require(pool.allocate(byteCount: 4096)) }
    for block in blocks { pool.deallocate(block, byteCount: 4096) }
    #expect(pool.cachedBytes == 8192)
  }
}
