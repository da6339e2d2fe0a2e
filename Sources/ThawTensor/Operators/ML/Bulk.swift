/// Attributes that may be large, held by reference: copies share them, and their hash is taken once.
public final class Bulk<Contents: Hashable & Sendable>: Hashable, Sendable {
  public let contents: Contents
  private let digest: Int

  public init(_ contents: Contents) {
    self.contents = contents
    digest = contents.hashValue
  }

  public static func == (left: Bulk, right: Bulk) -> Bool {
    left === right || left.digest == right.digest && left.contents == right.contents
  }

  public func hash(into hasher: inout Hasher) { hasher.combine(digest) }
}
