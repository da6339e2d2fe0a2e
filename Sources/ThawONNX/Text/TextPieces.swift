/// Gathers text into pieces and hands each over when it is large enough, so that no model's text is in memory whole.
struct TextPieces {
  private var bytes: [UInt8] = []
  private let take: ([UInt8]) throws(FileError) -> Void

  private static let size = 1 << 18

  init(_ take: @escaping ([UInt8]) throws(FileError) -> Void) {
    self.take = take
    bytes.reserveCapacity(TextPieces.size + 1024)
  }

  mutating func add(_ text: some Sequence<UInt8>) { bytes.append(contentsOf: text) }

  mutating func add(_ text: String) { bytes.append(contentsOf: text.utf8) }

  /// Hands over what there is if it is much.
  mutating func checkpoint() throws(FileError) {
    if bytes.count >= TextPieces.size { try flush() }
  }

  /// Hands over what there is.
  mutating func flush() throws(FileError) {
    try take(bytes)
    bytes.removeAll(keepingCapacity: true)
  }
}
