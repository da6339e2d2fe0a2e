/// The name that was meant by a misspelt one.
enum NearestName {
  /// The nearest of some names, nil when none is near: a third of the letters wrong, and at most three.
  static func of(_ name: String, among names: some Sequence<String>) -> String? {
    let wanted = Array(name.lowercased().utf8)
    let limit = min(3, max(1, (wanted.count + 1) / 3))
    var best: (name: String, distance: Int)?
    for other in names {
      let letters = Array(other.lowercased().utf8)
      guard abs(letters.count - wanted.count) <= limit else { continue }
      let distance = distance(wanted, letters)
      if distance <= limit, distance < best?.distance ?? .max { best = (other, distance) }
    }
    return best?.name
  }

  /// How many letters must be put in, taken out or replaced to make one of the other (Levenshtein's distance).
  private static func distance(_ a: [UInt8], _ b: [UInt8]) -> Int {
    var row = Array(0...b.count)
    for (i, letter) in a.enumerated() {
      var diagonal = i
      row[0] = i + 1
      for (j, other) in b.enumerated() {
        let replaced = diagonal + (letter == other ? 0 : 1)
        diagonal = row[j + 1]
        row[j + 1] = min(replaced, row[j] + 1, row[j + 1] + 1)
      }
    }
    return row[b.count]
  }
}
