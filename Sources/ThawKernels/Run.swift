/// Computes at once: the kernel from the cache, its scratch memory from the pool.
///
/// - Throws: `KernelError`.
package func run(_ request: some KernelRequest, _ operands: Operands, backend: Backend = .automatic) throws {
  let kernel = try KernelCache.shared.kernel(for: request, backend: backend)
  try kernel.run(operands)
}

extension Kernel {
  /// Computes the outputs, with scratch memory from the pool.
  package func run(_ operands: Operands) throws {
    guard scratchByteCount > 0 else { return try run(operands, scratch: nil) }
    guard let scratch = MemoryPool.shared.allocate(byteCount: scratchByteCount) else {
      throw KernelError.failed(operation: implementation, detail: "no memory for \(scratchByteCount) bytes of scratch")
    }
    defer { MemoryPool.shared.deallocate(scratch, byteCount: scratchByteCount) }
    try run(operands, scratch: scratch)
  }
}
