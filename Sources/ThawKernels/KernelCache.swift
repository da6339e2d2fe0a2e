import Synchronization

/// Prepared kernels by request: the least recently used go when there are too many.
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
    hasher.combine(backend)
    let hash = hasher.finalize()
    if let kernel = entries.withLock({ $0.find(request, backend, hash: hash) }) { return kernel }
    // Not under the lock: preparing can take a while. Two tasks may prepare the same kernel; both do, one is found later.
    let kernel = try request.prepare(for: backend)
    entries.withLock { $0.insert(request, backend, hash: hash, kernel: kernel, capacity: capacity) }
    return kernel
  }

  /// Forgets every kernel.
  package func removeAll() { entries.withLock { $0 = Entries() } }
}

private struct Entries {
  private(set) var count = 0
  private var chains: [Int: Entry] = [:]
  private var clock: UInt64 = 0

  mutating func find<Request: KernelRequest>(_ request: Request, _ backend: Backend, hash: Int) -> Kernel? {
    var next = chains[hash]
    while let entry = next {
      if entry.type == ObjectIdentifier(Request.self), entry.backend == backend,
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
    _ request: Request, _ backend: Backend, hash: Int, kernel: Kernel, capacity: Int
  ) {
    if find(request, backend, hash: hash) != nil { return }
    if count >= capacity { removeOldest(max(1, capacity / 8)) }
    clock += 1
    let entry = TypedEntry(request, backend, kernel: kernel)
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
  let backend: Backend
  let kernel: Kernel
  var lastUse: UInt64 = 0
  var next: Entry?

  init(type: ObjectIdentifier, backend: Backend, kernel: Kernel) {
    self.type = type
    self.backend = backend
    self.kernel = kernel
  }
}

private final class TypedEntry<Request: KernelRequest>: Entry {
  let request: Request

  init(_ request: Request, _ backend: Backend, kernel: Kernel) {
    self.request = request
    super.init(type: ObjectIdentifier(Request.self), backend: backend, kernel: kernel)
  }
}
