import Synchronization

/// Prepared kernels by request, backend and number of threads: the least recently used go when there are too many.
package final class KernelCache: Sendable {
  package static let shared = KernelCache()

  private let capacity: Int
  private let entries = Mutex(Entries())

  /// - Parameter capacity: the most kernels held.
  package init(capacity: Int = 512) { self.capacity = max(1, capacity) }

  /// The number of kernels held.
  package var count: Int { entries.withLock { $0.count } }

  /// The kernel that computes `request`, prepared at its first use.
  ///
  /// - Throws: what `prepare(for:)` throws; a failure is not remembered.
  package func kernel(for request: some KernelRequest, backend: Backend = .automatic) throws -> Kernel {
    var hasher = Hasher()
    hasher.combine(request)
    let purpose = Purpose(backend: backend, threads: threadCount)
    hasher.combine(purpose)
    let hash = hasher.finalize()
    if let kernel = entries.withLock({ $0.find(request, purpose, hash: hash) }) { return kernel }
    // Not under the lock: preparing can take a while. Two tasks may prepare the same kernel; both do, one is found later.
    let kernel = try request.prepare(for: backend)
    entries.withLock { $0.insert(request, purpose, hash: hash, kernel: kernel, capacity: capacity) }
    return kernel
  }

  /// Forgets every kernel.
  package func removeAll() { entries.withLock { $0 = Entries() } }
}

/// What a kernel was prepared for, beside its request.
private struct Purpose: Hashable {
  let backend: Backend
  let threads: Int
}

private struct Entries {
  private(set) var count = 0
  private var chains: [Int: Entry] = [:]
  private var clock: UInt64 = 0

  mutating func find<Request: KernelRequest>(_ request: Request, _ purpose: Purpose, hash: Int) -> Kernel? {
    var next = chains[hash]
    while let entry = next {
      if entry.type == ObjectIdentifier(Request.self), entry.purpose == purpose,
        unsafeDowncast(entry, to: TypedEntry<Request>.self).request == request
      {
        clock += 1
        entry.lastUse = clock
        return entry.kernel
      }
      next = entry.next
    }
    return nil
  }

  mutating func insert<Request: KernelRequest>(
    _ request: Request, _ purpose: Purpose, hash: Int, kernel: Kernel, capacity: Int
  ) {
    if find(request, purpose, hash: hash) != nil { return }
    if count >= capacity { removeOldest(max(1, capacity / 8)) }
    clock += 1
    let entry = TypedEntry(request, purpose, kernel: kernel)
    entry.lastUse = clock
    entry.next = chains[hash]
    chains[hash] = entry
    count += 1
  }

  /// An eighth at a time, so that looking for the oldest costs little for each kernel that comes.
  private mutating func removeOldest(_ number: Int) {
    let uses = chains.values.map(\.lastUse).sorted()
    let limit = uses[min(number, uses.count) - 1]
    for (hash, entry) in chains where entry.lastUse <= limit {
      var length = 0
      var next: Entry? = entry
      while let link = next {
        length += 1
        next = link.next
      }
      chains[hash] = nil
      count -= length
    }
  }
}

/// A kernel, and whose it is; in a chain with those whose hash is the same.
private class Entry {
  let type: ObjectIdentifier
  let purpose: Purpose
  let kernel: Kernel
  var lastUse: UInt64 = 0
  var next: Entry?

  init(type: ObjectIdentifier, purpose: Purpose, kernel: Kernel) {
    self.type = type
    self.purpose = purpose
    self.kernel = kernel
  }
}

private final class TypedEntry<Request: KernelRequest>: Entry {
  let request: Request

  init(_ request: Request, _ purpose: Purpose, kernel: Kernel) {
    self.request = request
    super.init(type: ObjectIdentifier(Request.self), purpose: purpose, kernel: kernel)
  }
}
