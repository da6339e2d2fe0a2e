/// Reads RE2's syntax (https://github.com/google/re2/wiki/Syntax): all of it but Unicode scripts and `\C`.
struct RegularExpressionParser {
  typealias Part = RegularExpression.Part

  /// What `(?ims)` sets.
  private struct Flags {
    var ignoresCase = false
    var isMultiline = false
    var dotTakesNewline = false
  }

  private let pattern: String
  private let scalars: [Unicode.Scalar]
  private var place = 0
  private var flags = Flags()
  private var depth = 0

  private static let depthLimit = 200
  private static let repetitionLimit = 1000

  init(_ pattern: String) {
    self.pattern = pattern
    scalars = Array(pattern.unicodeScalars)
  }

  /// The whole expression.
  ///
  /// - Throws: `TensorError` of kind `operand` or `unsupported`.
  mutating func expression() throws -> Part {
    let part = try alternatives()
    guard place == scalars.count else { throw wrong("a ')' without its '('") }
    return part
  }

  private func wrong(_ what: String, _ kind: TensorError.Kind = .operand) -> TensorError {
    TensorError(kind, "the regular expression '\(pattern)' has \(what) at character \(place)")
  }

  private var next: Unicode.Scalar? { place < scalars.count ? scalars[place] : nil }

  private mutating func take(_ text: String) -> Bool {
    let wanted = Array(text.unicodeScalars)
    guard scalars[place...].starts(with: wanted) else { return false }
    place += wanted.count
    return true
  }

  private mutating func alternatives() throws -> Part {
    depth += 1
    defer { depth -= 1 }
    guard depth <= Self.depthLimit else { throw wrong("more than \(Self.depthLimit) groups inside each other") }
    let outer = flags
    defer { flags = outer }
    var parts = [try sequence()]
    while take("|") { parts.append(try sequence()) }
    return parts.count == 1 ? parts[0] : .alternatives(parts)
  }

  private mutating func sequence() throws -> Part {
    var parts: [Part] = []
    while let scalar = next, scalar != "|", scalar != ")" {
      if take("\\Q") {
        while place < scalars.count, !take("\\E") {
          parts.append(literal(scalars[place]))
          place += 1
        }
        continue
      }
      guard let part = try atom() else { continue }
      parts.append(try repeated(part))
    }
    return .sequence(parts)
  }

  private mutating func repeated(_ part: Part) throws -> Part {
    guard let (least, most) = try repetition() else { return part }
    // Whether few or many are preferred decides nothing where the whole text must match.
    _ = take("?")
    if let scalar = next, scalar == "*" || scalar == "+" || scalar == "?" {
      throw wrong("a repetition of a repetition")
    }
    return .repeated(part, least: least, most: most)
  }

  private mutating func repetition() throws -> (least: Int, most: Int?)? {
    if take("*") { return (0, nil) }
    if take("+") { return (1, nil) }
    if take("?") { return (0, 1) }
    let start = place
    guard take("{"), let least = number() else {
      place = start
      return nil
    }
    var most: Int? = least
    if take(",") { most = number() }
    guard take("}") else {
      place = start
      return nil
    }
    guard least <= Self.repetitionLimit, most ?? least <= Self.repetitionLimit, most ?? least >= least else {
      throw wrong("a repetition that is not from 0 to \(Self.repetitionLimit) times")
    }
    return (least, most)
  }

  private mutating func number() -> Int? {
    var value: Int?
    while let digit = next.flatMap({ ScalarClass.digit.contains($0) ? Int($0.value) - 0x30 : nil }) {
      value = min((value ?? 0) * 10 + digit, Self.repetitionLimit + 1)
      place += 1
    }
    return value
  }

  private func literal(_ scalar: Unicode.Scalar) -> Part { .scalar(folded(ScalarClass(scalar))) }

  private func folded(_ scalars: ScalarClass) -> ScalarClass {
    var result = scalars
    result.ignoresCase = flags.ignoresCase
    return result
  }

  /// One atom; nil for flags, which match nothing.
  private mutating func atom() throws -> Part? {
    let scalar = scalars[place]
    switch scalar {
    case "(": return try group()
    case "[":
      place += 1
      return .scalar(try bracket())
    case ".":
      place += 1
      return .scalar(flags.dotTakesNewline ? .any : .notNewline)
    case "^":
      place += 1
      return .assertion(flags.isMultiline ? .lineStart : .textStart)
    case "$":
      place += 1
      return .assertion(flags.isMultiline ? .lineEnd : .textEnd)
    case "*", "+", "?": throw wrong("a '\(scalar)' that repeats nothing")
    case "\\":
      for (text, assertion) in [
        ("\\A", RegularExpression.Assertion.textStart), ("\\z", .textEnd), ("\\b", .wordBoundary),
        ("\\B", .noWordBoundary),
      ] where take(text) {
        return .assertion(assertion)
      }
      return .scalar(folded(try escape()))
    default:
      place += 1
      return literal(scalar)
    }
  }

  private mutating func group() throws -> Part? {
    place += 1
    if take("?") {
      if take("P<") || take("<") {
        guard let end = scalars[place...].firstIndex(of: ">") else { throw wrong("a group's name without its end") }
        place = end + 1
      } else if try !groupFlags() {
        return nil
      }
    }
    let outer = flags
    let part = try alternatives()
    flags = outer
    guard take(")") else { throw wrong("a '(' without its ')'") }
    return part
  }

  /// Reads the flags of a group, which hold in it alone, or else until the end of the group around it.
  ///
  /// - Returns: whether a group follows.
  private mutating func groupFlags() throws -> Bool {
    var isOn = true
    while let flag = next {
      place += 1
      switch flag {
      case "i": flags.ignoresCase = isOn
      case "m": flags.isMultiline = isOn
      case "s": flags.dotTakesNewline = isOn
      case "U": break
      case "-" where isOn: isOn = false
      case ":": return true
      case ")": return false
      default: throw wrong("the unknown flag '\(flag)'")
      }
    }
    throw wrong("a '(' without its ')'")
  }

  /// What follows a `[`.
  private mutating func bracket() throws -> ScalarClass {
    var result = ScalarClass()
    let isNegated = take("^")
    var isFirst = true
    while let scalar = next, scalar != "]" || isFirst {
      isFirst = false
      if let named = try namedClass() {
        result.others.append(named)
        continue
      }
      let low = try bracketScalar()
      guard let start = low.single else {
        result.others.append(low)
        continue
      }
      guard next == "-", place + 1 < scalars.count, scalars[place + 1] != "]" else {
        result.ranges.append(start...start)
        continue
      }
      place += 1
      guard let end = try bracketScalar().single, start <= end else { throw wrong("a range that is none") }
      result.ranges.append(start...end)
    }
    guard take("]") else { throw wrong("a '[' without its ']'") }
    result.isNegated = isNegated
    return folded(result)
  }

  private mutating func bracketScalar() throws -> ScalarClass {
    guard let scalar = next else { throw wrong("a '[' without its ']'") }
    if scalar == "\\" { return try escape() }
    place += 1
    return ScalarClass(scalar)
  }

  /// `[:alpha:]` and the like, inside of brackets.
  private mutating func namedClass() throws -> ScalarClass? {
    guard scalars[place...].starts(with: Array("[:".unicodeScalars)) else { return nil }
    let names: [(String, ScalarClass)] = [
      ("alnum", ScalarClass(0x30...0x39, 0x41...0x5a, 0x61...0x7a)), ("alpha", ScalarClass(0x41...0x5a, 0x61...0x7a)),
      ("ascii", ScalarClass(0...0x7f)), ("blank", ScalarClass(0x09...0x09, 0x20...0x20)),
      ("cntrl", ScalarClass(0...0x1f, 0x7f...0x7f)), ("digit", .digit), ("graph", ScalarClass(0x21...0x7e)),
      ("lower", ScalarClass(0x61...0x7a)), ("print", ScalarClass(0x20...0x7e)),
      ("punct", ScalarClass(0x21...0x2f, 0x3a...0x40, 0x5b...0x60, 0x7b...0x7e)),
      ("space", ScalarClass(0x09...0x0d, 0x20...0x20)), ("upper", ScalarClass(0x41...0x5a)), ("word", .word),
      ("xdigit", ScalarClass(0x30...0x39, 0x41...0x46, 0x61...0x66)),
    ]
    for (name, scalars) in names {
      if take("[:\(name):]") { return scalars }
      if take("[:^\(name):]") { return scalars.negated }
    }
    throw wrong("an unknown class [:…:]")
  }

  /// What a backslash and what follows it stand for.
  private mutating func escape() throws -> ScalarClass {
    place += 1
    guard let scalar = next else { throw wrong("a '\\' with nothing behind it") }
    place += 1
    switch scalar {
    case "d": return .digit
    case "D": return ScalarClass.digit.negated
    case "w": return .word
    case "W": return ScalarClass.word.negated
    case "s": return .space
    case "S": return ScalarClass.space.negated
    case "a": return ScalarClass("\u{7}")
    case "f": return ScalarClass("\u{c}")
    case "n": return ScalarClass("\n")
    case "r": return ScalarClass("\r")
    case "t": return ScalarClass("\t")
    case "v": return ScalarClass("\u{b}")
    case "x": return try hexadecimal()
    case "p": return try category()
    case "P": return try category().negated
    case _ where scalar.value >= 0x30 && scalar.value <= 0x37:
      var value = scalar.value - 0x30
      guard value == 0 || next.map({ (0x30...0x37).contains($0.value) }) ?? false else {
        throw wrong("a back reference, which no regular expression has", .unsupported)
      }
      for _ in 0..<2 {
        guard let digit = next, (0x30...0x37).contains(digit.value) else { break }
        value = value * 8 + digit.value - 0x30
        place += 1
      }
      return ScalarClass(value...value)
    case _ where scalar.value < 0x80 && !ScalarClass.word.contains(scalar): return ScalarClass(scalar)
    default: throw wrong("the unknown escape '\\\(scalar)'", .unsupported)
    }
  }

  private mutating func hexadecimal() throws -> ScalarClass {
    let isBraced = take("{")
    let digits = scalars[place...].prefix(isBraced ? 8 : 2).prefix { Character($0).isHexDigit && $0.isASCII }
    place += digits.count
    let text = String(String.UnicodeScalarView(digits))
    guard let value = UInt32(text, radix: 16), value <= 0x10ffff, isBraced ? take("}") : digits.count == 2 else {
      throw wrong("a \\x without two digits or {digits}")
    }
    return ScalarClass(value...value)
  }

  /// A category of Unicode by its abbreviation: `\pL`, `\p{Lu}`, `\p{^Lu}`.
  private mutating func category() throws -> ScalarClass {
    var name = ""
    if take("{") {
      guard let end = scalars[place...].firstIndex(of: "}") else { throw wrong("a '{' without its '}'") }
      name = String(String.UnicodeScalarView(scalars[place..<end]))
      place = end + 1
    } else if let scalar = next {
      name = String(scalar)
      place += 1
    }
    let isNegated = name.hasPrefix("^")
    if isNegated { name.removeFirst() }
    let known = Unicode.GeneralCategory.abbreviations.filter { $0.hasPrefix(name) && !name.isEmpty }
    guard name == "Any" || !known.isEmpty else {
      throw wrong("'\(name)', which is no category of Unicode that is supported", .unsupported)
    }
    var result = name == "Any" ? ScalarClass.any : ScalarClass()
    if name != "Any" { result.categories = [known] }
    return isNegated ? result.negated : result
  }
}

extension ScalarClass {
  /// The one scalar, where it is one.
  fileprivate var single: UInt32? {
    guard !isNegated, others.isEmpty, categories.isEmpty, ranges.count == 1, ranges[0].count == 1 else { return nil }
    return ranges[0].lowerBound
  }
}
