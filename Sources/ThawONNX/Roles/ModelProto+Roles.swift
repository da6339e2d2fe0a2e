internal import Foundation

extension ModelProto {
  /// The roles that the file keeps, nil when it keeps none.
  ///
  /// Read from the model's metadata alone; the mirror in `value_info` is for people who look at the file.
  ///
  /// - Throws: ``RoleError`` when the entries cannot be read.
  public func roles() throws(RoleError) -> RoleTable? {
    let keys = [RoleKey.format, RoleKey.digest] + Role.allCases.map(RoleKey.list)
    let texts = keys.map { key in (key, metadataProps.first { $0.key == key }?.value) }
    let values = Dictionary(texts) { first, _ in first }.compactMapValues { $0 }
    guard !values.isEmpty else { return nil }
    guard let format = values[RoleKey.format] else { throw RoleError(.missing, key: RoleKey.format) }
    guard format == "1" else { throw RoleError(.unknownFormat, key: RoleKey.format, found: format) }
    guard let digest = values[RoleKey.digest] else { throw RoleError(.missing, key: RoleKey.digest) }
    var roles: [String: Role] = [:]
    for role in Role.allCases {
      let key = RoleKey.list(role)
      guard let text = values[key] else { continue }
      guard let names = try? JSONDecoder().decode([String].self, from: Data(text.utf8)) else {
        throw RoleError(.malformed, key: key, found: String(text.prefix(80)))
      }
      for name in names {
        guard roles.updateValue(role, forKey: name) == nil else {
          throw RoleError(.severalRoles, key: key, found: name)
        }
      }
    }
    return RoleTable(roles: roles, digest: digest)
  }

  /// Writes the roles into the model's metadata, in place of those that were there; nil removes them.
  ///
  /// In files of IR version 10 or newer, an initializer's role is mirrored as `thaw.role` in the metadata of its
  /// `value_info` entry. An initializer without such an entry gets none: onnx.checker would take it, but a file that
  /// was to change only in its weights would grow an entry a tensor. The IR version is never raised.
  public mutating func setRoles(_ table: RoleTable?) {
    for role in Role.allCases {
      setMetadata(RoleKey.list(role), table.map { JSONText.array($0.names(of: role)) })
    }
    setMetadata(RoleKey.format, table.map { _ in "1" })
    setMetadata(RoleKey.digest, table?.digest)
    guard (irVersion ?? 0) >= 10, graph != nil else { return }
    graph?.mirrorRoles(table?.roles ?? [:])
  }

  private mutating func setMetadata(_ key: String, _ value: String?) {
    metadataProps.set(key, value)
  }
}

/// The keys of the entries.
enum RoleKey {
  static let format = "thaw.format"
  static let digest = "thaw.digest"
  static let mirror = "thaw.role"

  static func list(_ role: Role) -> String { "thaw.\(role.rawValue)" }
}

extension GraphProto {
  fileprivate mutating func mirrorRoles(_ roles: [String: Role]) {
    let initializers = Set(initializer.map { $0.name ?? "" })
    for index in valueInfo.indices {
      let name = valueInfo[index].name ?? ""
      guard initializers.contains(name) else { continue }
      valueInfo[index].metadataProps.set(RoleKey.mirror, roles[name]?.rawValue)
    }
  }
}

extension [StringStringEntryProto] {
  /// Sets the value of a key where it stands, or at the end; nil removes the key.
  fileprivate mutating func set(_ key: String, _ value: String?) {
    let index = firstIndex { $0.key == key }
    switch (index, value) {
    case (let index?, let value?): self[index].value = value
    case (nil, let value?): append(StringStringEntryProto(key: key, value: value))
    case (_?, nil): removeAll { $0.key == key }
    case (nil, nil): break
    }
  }
}
