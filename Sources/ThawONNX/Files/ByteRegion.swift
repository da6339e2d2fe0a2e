internal import Synchronization

/// A run of bytes that never changes: a view of an open file, or bytes of its own.
///
/// Copying a region copies a reference. A view keeps its file open.
public struct ByteRegion: Sendable {
  private let content: Content

  /// The number of bytes.
  public var count: Int { content.bytes.count }

  /// Whether there are no bytes.
  public var isEmpty: Bool { count == 0 }

  /// The file that the bytes are a view of, nil when they are in memory of their own.
  public var mapping: Mapping? { content.owner as? Mapping }

  /// Whether the bytes are in memory of their own, and not in a file that is mapped.
  package var isInMemory: Bool { !(mapping?.isMapped ?? (content.owner is MappedScratch)) }

  /// Makes a region that holds a copy of `bytes`.
  public init(_ bytes: [UInt8]) {
    self.init(count: bytes.count) { buffer in bytes.withUnsafeBytes { buffer.copyMemory(from: $0) } }
  }

  /// Makes a region of `count` bytes, zero at first, which `body` fills in.
  ///
  /// The address is a multiple of `alignment`, a power of two.
  public init<E: Error>(
    count: Int, alignment: Int = 64, _ body: (UnsafeMutableRawBufferPointer) throws(E) -> Void
  ) throws(E) {
    let owner = try AlignedBytes(count: count, alignment: alignment, body)
    content = Content(owner: owner, bytes: owner.bytes)
  }

  /// Makes a view of a whole file.
  public init(_ mapping: Mapping) {
    content = Content(owner: mapping, bytes: mapping.bytes)
  }

  /// Makes a view of bytes that `owner` keeps alive and nobody changes.
  package init(_ bytes: UnsafeRawBufferPointer, owner: any AnyObject & Sendable) {
    content = Content(owner: owner, bytes: bytes)
  }

  private init(_ content: Content) {
    self.content = content
  }

  /// The bytes, for as long as `body` runs.
  public func withUnsafeBytes<Result, E: Error>(
    _ body: (UnsafeRawBufferPointer) throws(E) -> Result
  ) throws(E) -> Result {
    defer { withExtendedLifetime(content) {} }
    return try body(content.bytes)
  }

  /// The bytes, for as long as the caller keeps the region.
  package var unsafeBytes: UnsafeRawBufferPointer { content.bytes }

  /// A part of the region, sharing its bytes.
  ///
  /// - Precondition: the range lies inside the region.
  public subscript(range: Range<Int>) -> ByteRegion {
    precondition(range.lowerBound >= 0 && range.upperBound <= count, "range outside the region")
    return ByteRegion(Content(owner: content.owner, bytes: UnsafeRawBufferPointer(rebasing: content.bytes[range])))
  }

  /// Whether the address is a multiple of `alignment`.
  public func isAligned(to alignment: Int) -> Bool {
    Int(bitPattern: content.bytes.baseAddress) & (alignment - 1) == 0
  }

  /// The same bytes at an address that is a multiple of `alignment`, a power of two.
  ///
  /// The region itself if its address already is; otherwise a copy, made at the first call and kept for the next ones.
  public func aligned(to alignment: Int) -> ByteRegion {
    if isEmpty || isAligned(to: alignment) { return self }
    let copy = content.alignedCopy.withLock { cached in
      if let copy = cached.copy, Int(bitPattern: copy.bytes.baseAddress) & (alignment - 1) == 0 { return copy }
      let made = AlignedBytes(count: count, alignment: max(alignment, 64)) { $0.copyMemory(from: content.bytes) }
      returnPages()
      cached.copy = made
      return made
    }
    return ByteRegion(Content(owner: copy, bytes: copy.bytes))
  }

  /// Returns the memory of a mapped file's part to the system; whoever reads it again gets it from the file.
  package func returnPages() { mapping?.returnPages(of: content.bytes) }

  /// Shares what a view of a region has in common with its copies: the bytes, their owner, and the aligned copy.
  private final class Content: @unchecked Sendable {
    // Unchecked because of the pointer into `owner`, which is immutable.
    let owner: any AnyObject & Sendable
    let bytes: UnsafeRawBufferPointer
    let alignedCopy = Mutex(SharedCopy())

    init(owner: any AnyObject & Sendable, bytes: UnsafeRawBufferPointer) {
      self.owner = owner
      self.bytes = bytes
    }
  }
}

extension ByteRegion: Equatable {
  /// Whether both have the same bytes.
  public static func == (a: ByteRegion, b: ByteRegion) -> Bool {
    if a.content === b.content { return true }
    return a.count == b.count && a.withUnsafeBytes { a in b.withUnsafeBytes { b in a.elementsEqual(b) } }
  }
}

extension Array where Element == UInt8 {
  /// A copy of a region's bytes.
  public init(_ region: ByteRegion) {
    self = region.withUnsafeBytes { [UInt8]($0) }
  }
}

/// A copy for as long as somebody uses it.
private struct SharedCopy {
  weak var copy: AlignedBytes?
}

/// Memory of its own, filled once.
private final class AlignedBytes: @unchecked Sendable {
  // Unchecked because of the pointer: nothing writes through it after `init`.
  let bytes: UnsafeRawBufferPointer

  init<E: Error>(
    count: Int, alignment: Int, _ fill: (UnsafeMutableRawBufferPointer) throws(E) -> Void
  ) throws(E) {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: count, alignment: alignment)
    buffer.initializeMemory(as: UInt8.self, repeating: 0)
    do throws(E) {
      try fill(buffer)
    } catch {
      buffer.deallocate()
      throw error
    }
    bytes = UnsafeRawBufferPointer(buffer)
  }

  deinit { bytes.deallocate() }
}
