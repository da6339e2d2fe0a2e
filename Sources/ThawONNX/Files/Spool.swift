/// Takes bytes one after another and gives them back as a region: in memory while a budget allows it, beyond that in a
/// file without a name.
package final class Spool {
  private let budget: MemoryBudget
  /// All bytes, or those that are not in the file yet.
  private var block: HeldBytes
  private var filled = 0
  private var file: ScratchFile?

  /// How many bytes there is room for beyond memory.
  package static var freeDiskByteCount: Int { ScratchFile.freeByteCount }

  /// What a block holds even where the budget says no.
  private static let smallestBlock = 1 << 16

  /// Makes an empty spool.
  ///
  /// - Parameter expected: how many bytes will come, where that is known.
  package init(_ budget: MemoryBudget, expecting expected: Int = 0) {
    self.budget = budget
    block = HeldBytes(max(expected, 64), budget) ?? HeldBytes(forced: Spool.smallestBlock, budget)
  }

  /// Adds bytes at the end.
  ///
  /// - Throws: ``FileError`` when there is no room for a temporary file.
  package func append(_ bytes: UnsafeRawBufferPointer) throws(FileError) {
    var rest = bytes
    while !rest.isEmpty {
      if filled == block.bytes.count { try makeRoom() }
      let piece = min(rest.count, block.bytes.count - filled)
      UnsafeMutableRawBufferPointer(rebasing: block.bytes[filled...])
        .copyMemory(from: UnsafeRawBufferPointer(rebasing: rest[..<piece]))
      filled += piece
      rest = UnsafeRawBufferPointer(rebasing: rest[piece...])
    }
  }

  /// The bytes; nothing may be added afterwards.
  package func finish() throws(FileError) -> ByteRegion {
    guard let file else {
      return ByteRegion(UnsafeRawBufferPointer(rebasing: block.bytes[..<filled]), owner: block)
    }
    try flush(to: file)
    block = HeldBytes(forced: 0, budget)
    return try file.contents()
  }

  private func makeRoom() throws(FileError) {
    if file == nil, let larger = HeldBytes(max(block.bytes.count * 2, Spool.smallestBlock), budget) {
      larger.bytes.copyMemory(from: UnsafeRawBufferPointer(block.bytes))
      block = larger
      return
    }
    if file == nil { file = try ScratchFile() }
    if let file { try flush(to: file) }
  }

  private func flush(to file: ScratchFile) throws(FileError) {
    try file.write(UnsafeRawBufferPointer(rebasing: block.bytes[..<filled]))
    filled = 0
  }
}

/// Memory that counts in a budget.
private final class HeldBytes: @unchecked Sendable {
  // Unchecked because of the pointer: nothing writes through it after its spool has finished.
  let bytes: UnsafeMutableRawBufferPointer
  private let budget: MemoryBudget
  private let taken: Int

  /// nil where the budget does not have as many bytes.
  convenience init?(_ count: Int, _ budget: MemoryBudget) {
    guard budget.take(count) else { return nil }
    self.init(count, taken: count, budget)
  }

  /// Memory that is needed whatever the budget says.
  convenience init(forced count: Int, _ budget: MemoryBudget) {
    self.init(count, taken: budget.take(count) ? count : 0, budget)
  }

  private init(_ count: Int, taken: Int, _ budget: MemoryBudget) {
    bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: count, alignment: 64)
    self.taken = taken
    self.budget = budget
  }

  deinit {
    bytes.deallocate()
    budget.give(taken)
  }
}
