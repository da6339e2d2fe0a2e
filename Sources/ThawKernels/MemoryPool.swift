#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

/// Memory that is kept when it is given back, so that large blocks are not paged in anew each time.
///
/// Blocks start at multiples of 64 bytes, and come in classes of size, 8 to each doubling. Safe from any thread.
package final class MemoryPool: @unchecked Sendable {
  // `@unchecked`: everything mutable is touched under `lock` only.
  package static let shared = MemoryPool()

  static let alignment = 64
  private let capacity: Int
  private let lock: UnsafeMutablePointer<pthread_mutex_t>
  private var free: [Int: [UnsafeMutableRawPointer]] = [:]
  private var cachedByteCount = 0

  /// - Parameter capacity: the most bytes kept for later.
  package init(capacity: Int = 1 << 30) {
    self.capacity = capacity
    lock = .allocate(capacity: 1)
    pthread_mutex_init(lock, nil)
  }

  deinit {
    removeAll()
    pthread_mutex_destroy(lock)
    lock.deallocate()
  }

  /// The bytes that lie ready for reuse.
  package var cachedBytes: Int { locked { cachedByteCount } }

  /// A block of at least `byteCount` bytes, which may be 0.
  ///
  /// - Returns: nil when the system has no such block.
  package func allocate(byteCount: Int) -> UnsafeMutableRawPointer? {
    guard byteCount >= 0, let size = Self.sizeClass(byteCount) else { return nil }
    let kept = locked { () -> UnsafeMutableRawPointer? in
      guard let block = free[size]?.popLast() else { return nil }
      cachedByteCount -= size
      return block
    }
    if let kept { return kept }
    if let block = Self.fresh(size) { return block }
    // What is kept in other classes may be what is missing.
    removeAll()
    return Self.fresh(size)
  }

  /// Gives back a block of `allocate(byteCount:)`, with the same count.
  package func deallocate(_ block: UnsafeMutableRawPointer, byteCount: Int) {
    guard let size = Self.sizeClass(byteCount) else { return }
    let keeps = locked { () -> Bool in
      guard cachedByteCount + size <= capacity else { return false }
      free[size, default: []].append(block)
      cachedByteCount += size
      return true
    }
    if !keeps { block.deallocate() }
  }

  /// Returns to the system what lies ready for reuse.
  package func removeAll() {
    let blocks = locked { () -> [[UnsafeMutableRawPointer]] in
      defer {
        free.removeAll()
        cachedByteCount = 0
      }
      return Array(free.values)
    }
    for block in blocks.joined() { block.deallocate() }
  }

  /// The size of the blocks that serve `byteCount`: at most an eighth more, beyond the smallest.
  package static func sizeClass(_ byteCount: Int) -> Int? {
    if byteCount <= 512 { return max(alignment, (byteCount + alignment - 1) & ~(alignment - 1)) }
    let step = 1 << max(6, Int.bitWidth - 1 - byteCount.leadingZeroBitCount - 3)
    let (sum, overflow) = byteCount.addingReportingOverflow(step - 1)
    return overflow ? nil : sum & ~(step - 1)
  }

  private static func fresh(_ size: Int) -> UnsafeMutableRawPointer? {
    var block: UnsafeMutableRawPointer?
    return posix_memalign(&block, alignment, size) == 0 ? block : nil
  }

  private func locked<Result>(_ body: () -> Result) -> Result {
    pthread_mutex_lock(lock)
    defer { pthread_mutex_unlock(lock) }
    return body()
  }
}
