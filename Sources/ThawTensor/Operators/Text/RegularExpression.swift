/// A regular expression in RE2's syntax, matched in time that grows with the length of text and expression alone.
///
/// It is a list of instructions that many threads go through at once, one scalar of the text after another (Thompson's
/// construction), so that no expression of a file makes a match hang.
struct RegularExpression: Sendable {
  /// A condition on the place between two scalars.
  enum Assertion: Sendable {
    case textStart, textEnd, lineStart, lineEnd, wordBoundary, noWordBoundary
  }

  /// What an expression is made of.
  indirect enum Part: Sendable {
    case scalar(ScalarClass)
    case assertion(Assertion)
    case sequence([Part])
    case alternatives([Part])
    /// nil for any number of times.
    case repeated(Part, least: Int, most: Int?)
  }

  private enum Instruction: Sendable {
    case scalar(ScalarClass)
    case assertion(Assertion)
    /// Goes on at both.
    case fork(Int, Int)
    case jump(Int)
    case match
  }

  private var instructions: [Instruction] = []

  private static let instructionLimit = 50_000

  /// - Throws: `TensorError` of kind `operand` for text that is no expression, `unsupported` for what is not supported.
  init(_ pattern: String) throws {
    var parser = RegularExpressionParser(pattern)
    try compile(try parser.expression(), of: pattern)
    instructions.append(.match)
  }

  private mutating func compile(_ part: Part, of pattern: String) throws {
    guard instructions.count < Self.instructionLimit else {
      throw TensorError(
        .limit, "the regular expression '\(pattern)' takes more than \(Self.instructionLimit) instructions")
    }
    switch part {
    case .scalar(let scalars): instructions.append(.scalar(scalars))
    case .assertion(let assertion): instructions.append(.assertion(assertion))
    case .sequence(let parts): for part in parts { try compile(part, of: pattern) }
    case .alternatives(let parts): try compile(alternatives: parts[...], of: pattern)
    case .repeated(let part, let least, let most):
      for _ in 0..<least { try compile(part, of: pattern) }
      guard let most else {
        let fork = instructions.count
        instructions.append(.match)
        try compile(part, of: pattern)
        instructions.append(.jump(fork))
        instructions[fork] = .fork(fork + 1, instructions.count)
        return
      }
      var forks: [Int] = []
      for _ in least..<max(least, most) {
        forks.append(instructions.count)
        instructions.append(.match)
        try compile(part, of: pattern)
      }
      for fork in forks { instructions[fork] = .fork(fork + 1, instructions.count) }
    }
  }

  private mutating func compile(alternatives parts: ArraySlice<Part>, of pattern: String) throws {
    var jumps: [Int] = []
    for part in parts.dropLast() {
      let fork = instructions.count
      instructions.append(.match)
      try compile(part, of: pattern)
      jumps.append(instructions.count)
      instructions.append(.match)
      instructions[fork] = .fork(fork + 1, instructions.count)
    }
    if let last = parts.last { try compile(last, of: pattern) }
    for jump in jumps { instructions[jump] = .jump(instructions.count) }
  }

  /// Whether the whole text matches.
  func matches(_ text: String) -> Bool {
    let scalars = Array(text.unicodeScalars)
    var threads = reached(from: [0], at: 0, of: scalars)
    for (index, scalar) in scalars.enumerated() {
      let next = threads.compactMap { thread -> Int? in
        if case .scalar(let allowed) = instructions[thread], allowed.contains(scalar) { thread + 1 } else { nil }
      }
      if next.isEmpty { return false }
      threads = reached(from: next, at: index + 1, of: scalars)
    }
    return threads.contains { if case .match = instructions[$0] { true } else { false } }
  }

  /// The instructions that take a scalar or end, from some on, at a place of the text.
  private func reached(from starts: [Int], at place: Int, of scalars: [Unicode.Scalar]) -> [Int] {
    var seen = [Bool](repeating: false, count: instructions.count)
    var pending = starts
    var result: [Int] = []
    while let thread = pending.popLast() {
      if seen[thread] { continue }
      seen[thread] = true
      switch instructions[thread] {
      case .scalar, .match: result.append(thread)
      case .jump(let target): pending.append(target)
      case .fork(let first, let second): pending += [first, second]
      case .assertion(let assertion):
        if holds(assertion, at: place, of: scalars) { pending.append(thread + 1) }
      }
    }
    return result
  }

  private func holds(_ assertion: Assertion, at place: Int, of scalars: [Unicode.Scalar]) -> Bool {
    let before = place > 0 ? scalars[place - 1] : nil
    let after = place < scalars.count ? scalars[place] : nil
    let isBoundary = before.map(ScalarClass.word.contains) ?? false != (after.map(ScalarClass.word.contains) ?? false)
    switch assertion {
    case .textStart: return before == nil
    case .textEnd: return after == nil
    case .lineStart: return before == nil || before == "\n"
    case .lineEnd: return after == nil || after == "\n"
    case .wordBoundary: return isBoundary
    case .noWordBoundary: return !isBoundary
    }
  }
}

/// A set of scalars that one instruction takes.
struct ScalarClass: Sendable {
  var ranges: [ClosedRange<UInt32>] = []
  var categories: [Set<String>] = []
  /// Others that count as inside, each itself turned around where it is.
  var others: [ScalarClass] = []
  var isNegated = false
  var ignoresCase = false

  init(_ ranges: ClosedRange<UInt32>..., negated: Bool = false) {
    self.ranges = ranges
    isNegated = negated
  }

  init(_ scalar: Unicode.Scalar) { ranges = [scalar.value...scalar.value] }

  static let digit = ScalarClass(0x30...0x39)
  static let word = ScalarClass(0x30...0x39, 0x41...0x5a, 0x5f...0x5f, 0x61...0x7a)
  static let space = ScalarClass(0x09...0x0a, 0x0c...0x0d, 0x20...0x20)
  static let any = ScalarClass(0...0x10ffff)
  static let notNewline = ScalarClass(0x0a...0x0a, negated: true)

  var negated: ScalarClass {
    var result = self
    result.isNegated.toggle()
    return result
  }

  func contains(_ scalar: Unicode.Scalar) -> Bool {
    var isInside = holds(scalar)
    if !isInside, ignoresCase {
      let cases = [scalar.properties.lowercaseMapping, scalar.properties.uppercaseMapping]
      isInside = cases.contains { $0.unicodeScalars.count == 1 && $0.unicodeScalars.first.map(holds) ?? false }
    }
    return isInside != isNegated
  }

  private func holds(_ scalar: Unicode.Scalar) -> Bool {
    ranges.contains { $0.contains(scalar.value) } || others.contains { $0.contains(scalar) }
      || categories.contains { $0.contains(scalar.properties.generalCategory.abbreviation) }
  }
}

extension Unicode.GeneralCategory {
  /// As Unicode abbreviates it, such as `Lu`.
  var abbreviation: String {
    switch self {
    case .uppercaseLetter: "Lu"
    case .lowercaseLetter: "Ll"
    case .titlecaseLetter: "Lt"
    case .modifierLetter: "Lm"
    case .otherLetter: "Lo"
    case .nonspacingMark: "Mn"
    case .spacingMark: "Mc"
    case .enclosingMark: "Me"
    case .decimalNumber: "Nd"
    case .letterNumber: "Nl"
    case .otherNumber: "No"
    case .connectorPunctuation: "Pc"
    case .dashPunctuation: "Pd"
    case .openPunctuation: "Ps"
    case .closePunctuation: "Pe"
    case .initialPunctuation: "Pi"
    case .finalPunctuation: "Pf"
    case .otherPunctuation: "Po"
    case .mathSymbol: "Sm"
    case .currencySymbol: "Sc"
    case .modifierSymbol: "Sk"
    case .otherSymbol: "So"
    case .spaceSeparator: "Zs"
    case .lineSeparator: "Zl"
    case .paragraphSeparator: "Zp"
    case .control: "Cc"
    case .format: "Cf"
    case .surrogate: "Cs"
    case .privateUse: "Co"
    default: "Cn"
    }
  }

  static let abbreviations: Set<String> = [
    "Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Nd", "Nl", "No", "Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po", "Sm",
    "Sc", "Sk", "So", "Zs", "Zl", "Zp", "Cc", "Cf", "Co", "Cs",
  ]
}
