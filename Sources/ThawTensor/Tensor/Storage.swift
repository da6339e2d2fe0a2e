import ThawKernels
import ThawTypes

/// The memory that one or more tensors look at: allocated here and then never changed, or borrowed from an owner.
///
/// Sendable although it holds a pointer: only the kernel that fills a fresh block writes to it, before the block is
/// shared; from then on it is read-only until the last reference goes.
package final class Storage: @unchecked Sendable {
  package let pointer: UnsafeMutableRawPointer
  package let byteCount: Int
  /// Whether it was allocated in inference mode. Views share the memory and so the mark.
  package let isInference: Bool
  /// Whether there are no bytes here yet: a program that is being compiled will give the place.
  package let isPlanned: Bool
  /// Who keeps borrowed memory alive; nil for memory of its own.
  package let owner: (any Sendable)?
  /// Who is told when the block goes.
  private let budget: Budget?

  /// Allocates an uninitialized block, 64-byte aligned.
  ///
  /// - Parameter isInference: for a caller that has read the context already.
  /// - Throws: `TensorError` of kind `limit` when the scope's budget has not as much left, `memory` when the system
  ///   refuses.
  package init(byteCount: Int, isInference: Bool = Context.current.isInference) throws {
    let budget = Context.current.budget
    try budget?.take(byteCount)
    guard let pointer = MemoryPool.shared.allocate(byteCount: byteCount) else {
      budget?.give(byteCount)
      throw TensorError(.memory, "cannot allocate \(byteCount) bytes for a tensor: the system has no such block free")
    }
    self.pointer = pointer
    self.byteCount = byteCount
    self.isInference = isInference
    isPlanned = false
    owner = nil
    self.budget = budget
  }

  /// Stands for bytes that a program will place; there are none to read or write.
  package init(planned byteCount: Int) {
    pointer = Self.nowhere
    self.byteCount = byteCount
    isInference = false
    isPlanned = true
    owner = nil
    budget = nil
  }

  /// Whether its bytes may take new values once nobody else looks at them.
  fileprivate var isReusable: Bool { owner == nil && !isPlanned }

  private static var nowhere: UnsafeMutableRawPointer { UnsafeMutableRawPointer(bitPattern: 64)! }

  /// Looks at memory that `owner` keeps alive and nobody changes.
  package init(viewing bytes: UnsafeRawBufferPointer, owner: any Sendable) {
    pointer = bytes.baseAddress.map { UnsafeMutableRawPointer(mutating: $0) } ?? Self.nowhere
    byteCount = bytes.count
    isInference = false
    isPlanned = false
    self.owner = owner
    self.budget = nil
  }

  deinit {
    guard owner == nil, !isPlanned else { return }
    budget?.give(byteCount)
    MemoryPool.shared.deallocate(pointer, byteCount: byteCount)
  }
}

extension Tensor {
  /// Whether this is the only tensor that looks at its memory, and fills it: nobody else would see it change.
  package mutating func isAlone() -> Bool {
    guard isContiguous, var storage, storage.isReusable, storage.byteCount == count * dtype.itemSize else {
      return false
    }
    let (dtype, shape, link) = (self.dtype, self.shape, self.link)
    // Without this tensor's own reference.
    self = Tensor(dtype: dtype, shape: [], contents: .strings([]))
    defer { self = Tensor(dtype: dtype, shape: shape, storage: storage).linked(to: link) }
    return isKnownUniquelyReferenced(&storage)
  }

  private var storage: Storage? { if case .memory(let storage, _, _) = contents { storage } else { nil } }
}
