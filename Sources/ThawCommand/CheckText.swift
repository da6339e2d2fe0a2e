import Thaw

/// What is wrong with a model, in lines.
struct CheckText {
  private let check: ModelCheck
  private let showsNotes: Bool

  init(_ check: ModelCheck, showsNotes: Bool = true) {
    self.check = check
    self.showsNotes = showsNotes
  }

  /// Empty where notes are left out and there is nothing else.
  var text: String {
    let findings = check.findings.filter { showsNotes || $0.level != .note }
    if findings.isEmpty, !showsNotes { return "" }
    var lines = ["\(check.path ?? "the model"): \(summary)"]
    for finding in findings {
      let level = finding.level.paint(finding.level.rawValue.padded(to: 7), on: .output)
      lines.append("  \(level)  \(finding.rule.rawValue)  \(finding.place)")
      lines.append("           \(finding.message)")
      lines.append("           → \(finding.advice)")
    }
    return lines.joined(separator: "\n")
  }

  private var summary: String {
    let counts: [(Finding.Level, Int)] = [(.error, check.errors), (.warning, check.warnings), (.note, check.notes)]
    let parts = counts.filter { $0.1 > 0 }.map { level, count in
      level.paint("\(count) \(level.rawValue)\(count == 1 ? "" : "s")", on: .output)
    }
    return parts.isEmpty ? Paint.green("sound", on: .output) : parts.joined(separator: ", ")
  }
}

extension Finding.Level {
  fileprivate var paint: Paint {
    switch self {
    case .error: .red
    case .warning: .yellow
    case .note: .blue
    }
  }
}
