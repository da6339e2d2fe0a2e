/// Where a tensor's elements are outside the file: the entries of `external_data`, read.
struct ExternalPlace: Equatable {
  /// The side-car, relative to the model's folder.
  var location: String
  /// The first byte.
  var offset: Int
  /// The number of bytes; nil where the entries do not say.
  var length: Int?

  /// Reads the entries. Others than `location`, `offset` and `length`, such as `checksum`, have no say.
  ///
  /// - Throws: ``FileError`` of kind `malformed` without a path or a place.
  init(_ entries: [StringStringEntryProto]) throws(FileError) {
    var values: [String: String] = [:]
    for entry in entries {
      let key = entry.key ?? ""
      guard values.updateValue(entry.value ?? "", forKey: key) == nil else {
        throw FileError(.duplicateName, found: "\(key) in external_data")
      }
    }
    location = values["location"] ?? ""
    offset = try ExternalPlace.number(values["offset"], "offset") ?? 0
    length = try ExternalPlace.number(values["length"], "length")
  }

  init(location: String, offset: Int, length: Int) {
    (self.location, self.offset, self.length) = (location, offset, length)
  }

  /// The entries of another tensor with this place in them. A checksum is of a whole file that is no longer meant.
  func entries(replacing old: [StringStringEntryProto]) -> [StringStringEntryProto] {
    let own = [("location", location), ("offset", "\(offset)")] + (length.map { [("length", "\($0)")] } ?? [])
    let kept = old.filter { !["location", "offset", "length", "checksum"].contains($0.key ?? "") }
    return own.map { StringStringEntryProto(key: $0, value: $1) } + kept
  }

  private static func number(_ text: String?, _ key: String) throws(FileError) -> Int? {
    guard let text else { return nil }
    guard let number = Int(text), number >= 0 else {
      throw FileError(.malformed, expected: "a number of bytes as \(key) of external data", found: "'\(text)'")
    }
    return number
  }
}
