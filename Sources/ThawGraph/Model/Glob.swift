/// A pattern of names: `*` stands for any characters, `?` for one.
struct Glob: Sendable {
  private let pattern: [Character]

  init(_ pattern: String) { self.pattern = Array(pattern) }

  /// How many `*` and `?` there are.
  var wildcardCount: Int { pattern.count { $0 == "*" || $0 == "?" } }

  func matches(_ text: String) -> Bool { captures(in: text) != nil }

  /// What each `*` and `?` stands for, in order, each `*` for as little as it can; nil when the text does not match.
  func captures(in text: String) -> [String]? {
    let text = Array(text)
    var (p, t) = (0, 0)
    var found: [Range<Int>] = []
    var star: (pattern: Int, found: Int)?
    while t < text.count {
      if p < pattern.count, pattern[p] == "*" {
        star = (p, found.count)
        found.append(t..<t)
        p += 1
      } else if p < pattern.count, pattern[p] == "?" || pattern[p] == text[t] {
        if pattern[p] == "?" { found.append(t..<t + 1) }
        p += 1
        t += 1
      } else if let last = star {
        // The last star takes one character more.
        let taken = found[last.found]
        found.removeSubrange(last.found...)
        found.append(taken.lowerBound..<taken.upperBound + 1)
        p = last.pattern + 1
        t = taken.upperBound + 1
      } else {
        return nil
      }
    }
    guard pattern[p...].allSatisfy({ $0 == "*" }) else { return nil }
    found += pattern[p...].map { _ in text.count..<text.count }
    return found.map { String(text[$0]) }
  }
}
