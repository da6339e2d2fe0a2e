#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

/// Memory that is kept when it is given back, so that large blocks are not paged in anew each time.
///
/// Blocks start at multiples of 64 bytes, and come in classes of size, 8 to each doubling. What lies ready and what is
/// in use are together little more than what was ever in use at once: large blocks of other classes are taken, or
/// returned to the system, before it is asked for another. Where that happens again and again, more is kept. Safe from
/// any thread.
package final class MemoryPool: @unchecked Sendable {
  // `@unchecked`: everything mutable is touched under `lock` only.
  package static let shared = MemoryPool()

  private typealias Block = (start: UnsafeMutableRawPointer, size: Int)

  static let alignment = 64
  /// From here on a block of another class may be taken, and blocks are mapped one by one.
  private static let largeByteCount = 1 << 20
  /// From here on a block has the system's large pages, where it has them.
  private static let hugeByteCount = 32 << 20
  private let capacity: Int
  private let lock: UnsafeMutablePointer<pthread_mutex_t>
  private var free: [Int: [UnsafeMutableRawPointer]] = [:]
  private var cachedByteCount = 0
  private var usedByteCount = 0
  private var mostUsedByteCount = 0
  /// What may be held beyond the most in use; grows with what was returned and asked for again.
  private var slack = 32 << 20
  /// The classes of blocks that serve a smaller one.
  private var classes: [UnsafeMutableRawPointer: Int] = [:]

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
    let (kept, surplus) = locked { take(size) }
    if let kept { return kept }
    for (block, size) in surplus { Self.free(block, size) }
    var block = Self.fresh(size)
    if block == nil {
      // What is kept in other classes may be what is missing.
      removeAll()
      block = Self.fresh(size)
    }
    if block != nil { locked { note(used: size) } }
    return block
  }

  /// Gives back a block of `allocate(byteCount:)`, with the same count.
  package func deallocate(_ block: UnsafeMutableRawPointer, byteCount: Int) {
    guard let size = Self.sizeClass(byteCount) else { return }
    let surplus = locked { () -> Int? in
      let size = classes.removeValue(forKey: block) ?? size
      usedByteCount -= size
      guard cachedByteCount + size <= capacity else { return size }
      free[size, default: []].append(block)
      cachedByteCount += size
      return nil
    }
    if let surplus { Self.free(block, surplus) }
  }

  /// A block that lies ready, or else what the caller should return to the system before it asks for one there.
  private func take(_ size: Int) -> (kept: UnsafeMutableRawPointer?, surplus: [Block]) {
    if let block = free[size]?.popLast() {
      note(used: size, cached: -size)
      return (block, [])
    }
    guard size >= Self.largeByteCount else { return (nil, []) }
    let larger = free.filter { $0.key > size && !$0.value.isEmpty }.keys.min()
    if let larger, larger / 2 <= size, let block = free[larger]?.popLast() {
      classes[block] = larger
      note(used: larger, cached: -larger)
      return (block, [])
    }
    return (nil, takeSurplus(for: size))
  }

  private func note(used: Int, cached: Int = 0) {
    usedByteCount += used
    cachedByteCount += cached
    mostUsedByteCount = max(mostUsedByteCount, usedByteCount)
  }

  /// Takes large blocks out until what is held, with a new block, is little more than what was in use at once.
  private func takeSurplus(for size: Int) -> [Block] {
    let limit = max(mostUsedByteCount, usedByteCount + size) + slack
    var surplus: [Block] = []
    for kept in free.keys.sorted(by: >) where kept >= Self.largeByteCount {
      while usedByteCount + cachedByteCount + size > limit, let block = free[kept]?.popLast() {
        cachedByteCount -= kept
        surplus.append((block, kept))
      }
    }
    if !surplus.isEmpty { slack = min(slack + size / 8, capacity) }
    return surplus
  }

  /// Returns to the system what lies ready for reuse.
  package func removeAll() {
    let blocks = locked { () -> [Int: [UnsafeMutableRawPointer]] in
      defer {
        free.removeAll()
        cachedByteCount = 0
      }
      return free
    }
    for (size, blocks) in blocks { for block in blocks { Self.free(block, size) } }
  }

  /// The size of the blocks that serve `byteCount`: at most an eighth more, beyond the smallest.
  package static func sizeClass(_ byteCount: Int) -> Int? {
    if byteCount <= 512 { return max(alignment, (byteCount + alignment - 1) & ~(alignment - 1)) }
    let step = 1 << max(6, Int.bitWidth - 1 - byteCount.leadingZeroBitCount - 3)
    let (sum, overflow) = byteCount.addingReportingOverflow(step - 1)
    return overflow ? nil : sum & ~(step - 1)
  }

  /// A block of the system's. Large ones are mapped one by one, so that the system gets them back when they are freed;
  /// the C library would keep them for blocks that fit between others.
  private static func fresh(_ size: Int) -> UnsafeMutableRawPointer? {
    guard size < largeByteCount else {
      let block = mmap(nil, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
      guard block != MAP_FAILED else { return nil }
      // A program's memory is gone through from end to end in each run.
      if size >= hugeByteCount { madvise(block, size, MADV_HUGEPAGE) }
      return block
    }
    var block: UnsafeMutableRawPointer?
    return posix_memalign(&block, alignment, size) == 0 ? block : nil
  }

  private static func free(_ block: UnsafeMutableRawPointer, _ size: Int) {
    if size < largeByteCount { block.deallocate() } else { munmap(block, size) }
  }

  private func locked<Result>(_ body: () -> Result) -> Result {
    pthread_mutex_lock(lock)
    defer { pthread_mutex_unlock(lock) }
    return body()
  }
}
