/// A rule that gives names by a pattern: `features.*` to `body.*`.
public struct Renaming: Hashable, Sendable {
  /// What a rule is about.
  public enum Subject: Hashable, Sendable, CaseIterable {
    /// All values: inputs, outputs, initializers, and what is between.
    case values
    /// Initializers alone.
    case initializers
    /// Nodes.
    case nodes
  }

  /// What the rule is about.
  public let subject: Subject
  /// Names with `*` for any characters and `?` for one.
  public let pattern: String
  /// The new name, in which each `*` and `?` stands for what the pattern's wildcards stood for, in order.
  public let replacement: String

  /// Makes a rule.
  ///
  /// - Throws: `ModelError` of kind `request` when the new name has more wildcards than the pattern.
  public init(_ subject: Subject, _ pattern: String, to replacement: String) throws {
    guard Glob(replacement).wildcardCount <= Glob(pattern).wildcardCount else {
      throw ModelError(
        .request,
        "'\(replacement)' has more * and ? than the pattern '\(pattern)', which has to say what they stand for")
    }
    (self.subject, self.pattern, self.replacement) = (subject, pattern, replacement)
  }

  /// The new name; nil for one that the pattern does not match.
  func name(for old: String) -> String? {
    guard let captures = Glob(pattern).captures(in: old) else { return nil }
    var rest = captures[...]
    return replacement.reduce(into: "") { result, character in
      result += character == "*" || character == "?" ? rest.popFirst() ?? "" : String(character)
    }
  }
}
