import ArgumentParser

/// A name with settings as it is written on the command line: `NAME` or `NAME:KEY=VALUE,KEY=VALUE`.
struct NamedSettings {
  let name: String
  private var values: [(key: String, value: String)] = []

  /// - Throws: `ValidationError` for a key without a value, or one that is there twice.
  init(_ text: String) throws {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    name = String(parts[0])
    guard parts.count == 2 else { return }
    for entry in parts[1].split(separator: ",", omittingEmptySubsequences: false) {
      let pair = entry.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard pair.count == 2, !pair[0].isEmpty else {
        throw ValidationError("'\(entry)' should be KEY=VALUE, as in \(name):KEY=VALUE,KEY=VALUE")
      }
      guard !values.contains(where: { $0.key == pair[0] }) else { throw ValidationError("'\(pair[0])' is given twice") }
      values.append((String(pair[0]), String(pair[1])))
    }
  }

  /// The value of a key, nil where it is left out.
  ///
  /// - Throws: `ValidationError` when it is no such number.
  func number<Number: LosslessStringConvertible>(_ key: String, _ type: Number.Type = Number.self) throws -> Number? {
    guard let value = values.first(where: { $0.key == key })?.value else { return nil }
    guard let number = Number(value) else {
      throw ValidationError("\(key) should be \(type == Int.self ? "a whole number" : "a number") and is '\(value)'")
    }
    return number
  }

  /// - Throws: `ValidationError` for a key that is not one of `keys`.
  func check(keys: [String]) throws {
    guard let unknown = values.first(where: { !keys.contains($0.key) }) else { return }
    throw ValidationError(
      "\(name) has no setting '\(unknown.key)'; "
        + (keys.isEmpty ? "it has none" : "it has " + keys.map { "'\($0)'" }.joined(separator: ", ")))
  }
}
