import ThawONNX
import ThawTensor

extension PublishedSchema {
  /// Reads a row, in the form that `PublishedSchemas` describes; nil where it has another.
  init?(row: String, domain: Domain) {
    var fields = row.split(separator: "|", omittingEmptySubsequences: false).map { $0.split(separator: ",") }
    while fields.count < 5 { fields.append([]) }
    let head = fields[0].first?.split(separator: " ") ?? []
    guard fields.count == 5, head.count > 1, let version = Int(head[1]) else { return nil }
    name = String(head[0])
    self.domain = domain
    self.version = version
    isDeprecated = head.contains("deprecated")
    isOpen = head.contains("open")
    outputCounts = head.firstIndex(of: "outputs").map { head[($0 + 1)...].compactMap { Int($0) } }

    var letters: [String: Set<String>] = [:]
    for field in fields[3] where field.contains(where: { $0 != " " }) {
      guard let letter = field.firstWord, let types = TypeList.types(letter.rest) else { return nil }
      letters[String(letter.word)] = types
    }
    types = letters
    let inputs = fields[1].compactMap { FormalParameter($0, letters) }
    let outputs = fields[2].compactMap { FormalParameter($0, letters) }
    let attributes = fields[4].compactMap { FormalAttribute($0) }
    func count(_ field: Int) -> Int { fields[field].count { $0.contains { $0 != " " } } }
    guard inputs.count == count(1), outputs.count == count(2), attributes.count == count(4) else { return nil }
    self.inputs = inputs
    self.outputs = outputs
    self.attributes = attributes
  }
}

extension PublishedSchema.FormalParameter {
  fileprivate init?(_ text: Substring, _ letters: [String: Set<String>]) {
    guard let (word, rest) = text.firstWord else { return nil }
    let name = word.prefix { !"?*~".contains($0) }
    switch word.dropFirst(name.count).first {
    case nil: count = .one
    case "?": count = .optional
    case let mark?:
      guard let least = Int(word.dropFirst(name.count + 1)) else { return nil }
      count = .variadic(atLeast: least, ofOneType: mark == "*")
    }
    self.name = String(name)
    let type = String(rest.filter { $0 != " " })
    if letters[type] != nil {
      self.type = type
    } else {
      guard let types = TypeList.types(rest), types.count == 1, let only = types.first else { return nil }
      self.type = only
    }
  }
}

extension PublishedSchema.FormalAttribute {
  private static let types = (1...14).map { AttributeProto.AttributeType(rawValue: $0) }

  fileprivate init?(_ text: Substring) {
    let words = text.split(separator: " ")
    guard words.count > 1, let type = Self.types.first(where: { $0.text == words[1] }) else { return nil }
    name = String(words[0].prefix { $0 != "!" })
    isRequired = words[0].hasSuffix("!")
    self.type = type
    defaultValue = words.count > 2 && words[2] == "=" ? words.dropFirst(3).map(String.init) : nil
  }
}

/// A row's list of types, spelt out as ONNX writes each of them.
private enum TypeList {
  /// The types of a list; nil where it is none.
  static func types(_ text: Substring) -> Set<String>? {
    guard let elements = elements(text), !elements.isEmpty else { return nil }
    return Set(elements.map(full))
  }

  private static func full(_ element: String) -> String { element.contains("(") ? element : "tensor(\(element))" }

  /// The same, where a tensor has the name of its element type alone.
  private static func elements(_ text: Substring) -> [String]? {
    var (rest, result) = (text.drop { $0 == " " }, [String]())
    while !rest.isEmpty {
      let word = rest.prefix { $0 != " " && $0 != "(" }
      rest = rest.dropFirst(word.count)
      if rest.first == "(" {
        guard let inside = rest.parenthesized else { return nil }
        rest = rest.dropFirst(inside.count + 2)
        if word == "map" {
          let pair = inside.split(separator: " ")
          guard pair.count == 2 else { return nil }
          result.append("map(\(pair[0]), \(pair[1]))")
        } else {
          guard let inner = elements(inside) else { return nil }
          result += inner.map { "\(word)(\(full($0)))" }
        }
      } else if word.hasPrefix("@") {
        guard let group = PublishedSchemas.groups[word.dropFirst()], let inner = elements(group[...]) else {
          return nil
        }
        result += inner
      } else {
        result.append(String(word))
      }
      rest = rest.drop { $0 == " " }
    }
    return result
  }
}

extension Substring {
  /// The first word, and what follows it.
  fileprivate var firstWord: (word: Substring, rest: Substring)? {
    let text = drop { $0 == " " }
    let word = text.prefix { $0 != " " }
    return word.isEmpty ? nil : (word, text.dropFirst(word.count))
  }

  /// What stands between a parenthesis at the start and the one that closes it.
  fileprivate var parenthesized: Substring? {
    var depth = 0
    for (index, character) in zip(indices, self) {
      if character == "(" { depth += 1 }
      if character == ")" { depth -= 1 }
      if depth == 0 { return self[self.index(after: startIndex)..<index] }
    }
    return nil
  }
}
