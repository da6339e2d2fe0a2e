public import ThawTypes

/// The roles of a model's tensors, as a file keeps them.
///
/// The digest is over names, types and dimensions, so that a file whose weights were renamed, removed or reshaped by
/// another tool is told from one that is as it was.
public struct RoleTable: Equatable, Sendable {
  /// A tensor's type and dimensions.
  public struct Signature: Equatable, Sendable {
    /// The element type.
    public var dtype: DType
    /// The dimensions.
    public var dims: [Int]

    /// Makes a signature.
    public init(_ dtype: DType, _ dims: [Int]) {
      self.dtype = dtype
      self.dims = dims
    }
  }

  /// A tensor's role, type and dimensions.
  public struct Entry: Equatable, Sendable {
    /// What training does with the tensor.
    public var role: Role
    /// The tensor's type and dimensions.
    public var signature: Signature

    /// Makes an entry.
    public init(_ role: Role, _ signature: Signature) {
      self.role = role
      self.signature = signature
    }
  }

  /// How a table fits the tensors of a model.
  public enum Comparison: Equatable, Sendable {
    /// The tensors are those the table was made for.
    case intact
    /// They are not. Names are sorted by bytes.
    ///
    /// - `renamedOrRemoved`: in the table and not in the model.
    /// - `new`: in the model and without a role.
    /// - `reshaped`: all names are there, but a type or a dimension is another.
    case changed(renamedOrRemoved: [String], new: [String], reshaped: Bool)
  }

  /// The role of each name.
  public let roles: [String: Role]
  /// SHA-256 over names, types and dimensions, in hexadecimal.
  public let digest: String

  /// Makes the table of the given tensors.
  public init(entries: [String: Entry]) {
    roles = entries.mapValues(\.role)
    digest = RoleTable.digest(of: entries.mapValues(\.signature))
  }

  init(roles: [String: Role], digest: String) {
    self.roles = roles
    self.digest = digest
  }

  /// The names that have a role, sorted by bytes.
  public func names(of role: Role) -> [String] {
    roles.filter { $0.value == role }.keys.sortedByBytes()
  }

  /// How the table fits the tensors that a model has.
  public func comparison(with present: [String: Signature]) -> Comparison {
    let lost = roles.keys.filter { present[$0] == nil }.sortedByBytes()
    let new = present.keys.filter { roles[$0] == nil }.sortedByBytes()
    let kept = present.filter { roles[$0.key] != nil }
    let reshaped = lost.isEmpty && RoleTable.digest(of: kept) != digest
    return lost.isEmpty && new.isEmpty && !reshaped
      ? .intact : .changed(renamedOrRemoved: lost, new: new, reshaped: reshaped)
  }

  private static func digest(of signatures: [String: Signature]) -> String {
    var text = ""
    for name in signatures.keys.sortedByBytes() {
      guard let signature = signatures[name] else { continue }
      let dims = signature.dims.map(String.init).joined(separator: ",")
      text += "\(name)\t\(signature.dtype.rawValue)\t\(dims)\n"
    }
    return SHA256.hex(of: text.utf8)
  }
}

extension Sequence<String> {
  /// The strings in the order of their UTF-8 bytes, which no locale and no Unicode version changes.
  func sortedByBytes() -> [String] {
    sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }
}
