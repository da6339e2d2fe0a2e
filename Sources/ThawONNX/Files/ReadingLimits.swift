/// Bounds on what a file may ask of its reader.
///
/// With the defaults, reading a model takes at most about 300 times the bytes of the file outside its payloads (a file
/// of nothing but empty nodes); an ordinary model takes two to three times.
public struct ReadingLimits: Equatable, Sendable {
  /// How deeply messages may be nested. Protobuf's own readers stop at 100, too.
  public var depth = 100
  /// How many messages a file may hold.
  public var messages = 4_000_000
  /// How many fields one message may have.
  public var fieldsPerMessage = 16_000_000

  /// How many bytes a compressed model, the members of an archive together, or a model's sparse tensors together may
  /// expand to: 4 GiB by default.
  public var expandedBytes = 1 << 32

  /// Makes the default limits.
  public init() {}
}
