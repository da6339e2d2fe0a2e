import ThawKernels
import ThawTypes

/// The memory that one or more tensors look at: allocated here and then never changed, or borrowed from an owner.
///
/// Sendable although it holds a pointer: only the kernel that fills a fresh block writes to it, before the block is
/// shared; from then on it is read-only until the last reference goes.
package final class Storage: @unchecked Sendable {
  package let pointer: UnsafeMutableRawPointer
  package let byteCount: Int
  /// Whether there are no bytes here yet: a program that is being compiled will give the place.
  package let isPlanned: Bool
  private let owner: (any Sendable)?

  /// Allocates an uninitialized block, 64-byte aligned.
  ///
  /// - Throws: `TensorError` of kind `memory` when the system refuses.
  package init(byteCount: Int) throws {
    guard let pointer = MemoryPool.shared.allocate(byteCount: byteCount) else {
      throw TensorError(.memory, "cannot allocate \(byteCount) bytes for a tensor: the system has no such block free")
    }
    self.pointer = pointer
    self.byteCount = byteCount
    isPlanned = false
    owner = nil
  }

  /// Stands for bytes that a program will place; there are none to read or write.
  package init(planned byteCount: Int) {
    pointer = Self.nowhere
    self.byteCount = byteCount
    isPlanned = true
    owner = nil
  }

  private static var nowhere: UnsafeMutableRawPointer { UnsafeMutableRawPointer(bitPattern: 64)! }

  /// Looks at memory that `owner` keeps alive and nobody changes.
  package init(viewing bytes: UnsafeRawBufferPointer, owner: any Sendable) {
    pointer = bytes.baseAddress.map { UnsafeMutableRawPointer(mutating: $0) } ?? Self.nowhere
    byteCount = bytes.count
    isPlanned = false
    self.owner = owner
  }

  deinit {
    if owner == nil, !isPlanned { MemoryPool.shared.deallocate(pointer, byteCount: byteCount) }
  }
}
