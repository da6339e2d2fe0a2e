import Testing
import ThawKernels
import ThawTypes

@Suite struct KernelCacheTests {
  static func request(_ size: Int) -> UnaryRequest {
    UnaryRequest(function: .exp, dtype: .float32, shape: [size], strides: [1])
  }

  @Test func holdsTheLatest() throws {
    let cache = KernelCache(capacity: 16)
    for size in 0..<100 {
      _ = try cache.kernel(for: Self.request(size))
      _ = try cache.kernel(for: Self.request(size))
      #expect(cache.count <= 16)
    }
    let before = cache.count
    _ = try cache.kernel(for: Self.request(99))
    #expect(cache.count == before)
    _ = try cache.kernel(for: Self.request(99), backend: .portable)
    cache.removeAll()
    #expect(cache.count == 0)
  }

  @Test func failuresAreNotRemembered() {
    let cache = KernelCache()
    let request = UnaryRequest(function: .exp, dtype: .string, shape: [1], strides: [1])
    for _ in 0..<2 { #expect(throws: KernelError.self) { try cache.kernel(for: request) } }
    #expect(cache.count == 0)
  }
}
