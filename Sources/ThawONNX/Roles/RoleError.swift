/// What is wrong with the roles that a file keeps.
public struct RoleError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The ways in which a role table can be unreadable.
  public enum Kind: Hashable, Sendable, CaseIterable {
    /// The table's format is not 1.
    case unknownFormat
    /// An entry is missing.
    case missing
    /// A list is not a JSON array of strings.
    case malformed
    /// A name has more than one role.
    case severalRoles
  }

  /// What is wrong.
  public var kind: Kind
  /// The metadata key.
  public var key: String
  /// What was found there.
  public var found: String

  /// Makes an error.
  public init(_ kind: Kind, key: String, found: String = "") {
    self.kind = kind
    self.key = key
    self.found = found
  }

  /// One sentence: the key, what is wrong with it, and what was found.
  public var description: String {
    switch kind {
    case .unknownFormat: "metadata \(key): this version reads format 1, found \(found)"
    case .missing: "metadata \(key) is missing although the file has other roles"
    case .malformed: "metadata \(key): expected a JSON array of names, found \(found)"
    case .severalRoles: "metadata \(key): \(found) has more than one role"
    }
  }
}
