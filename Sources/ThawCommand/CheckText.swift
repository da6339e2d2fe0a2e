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
      lines.append("  \(finding.level.rawValue.padded(to: 7))  \(finding.rule.rawValue)  \(finding.place)")
      lines.append("           \(finding.message)")
      lines.append("           → \(finding.advice)")
    }
    return lines.joined(separator: "\n")
  }

  private var summary: String {
    let counts = [(check.errors, "error"), (check.warnings, "warning"), (check.notes, "note")]
    let parts = counts.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)\($0.0 == 1 ? "" : "s")" }
    return parts.isEmpty ? "sound" : parts.joined(separator: ", ")
  }
}
