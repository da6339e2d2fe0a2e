import ThawONNX

/// The roles that the file keeps, against its digest and its tensors.
enum RoleRule: CheckRule {
  static func findings(in file: CheckedFile) -> [Finding] {
    let place = Finding.Place(path: "metadata_props")
    func finding(_ level: Finding.Level, _ message: String, _ advice: String) -> Finding {
      Finding(level: level, rule: .roles, place: place, message: message, advice: advice)
    }
    do {
      _ = try file.proto.roles()
    } catch {
      return [
        finding(
          .warning, "the roles cannot be read, and Thaw does not open the model: \(error)",
          "remove the metadata entries that begin with 'thaw.'; Thaw then infers the roles")
      ]
    }
    guard case .changedFile(let missing, let new, let reshaped)? = file.model?.parameters.source else { return [] }
    var findings: [Finding] = []
    if !missing.isEmpty {
      findings.append(
        finding(
          .warning, "tensors that have a role are not there, renamed or removed: \(missing.shortened)",
          "set the roles again with `thaw freeze` or `thaw unfreeze`"))
    }
    if !new.isEmpty {
      findings.append(
        finding(
          .warning, "tensors are there without a role, which is inferred: \(new.shortened)",
          "look with `thaw inspect` and set the roles again with `thaw freeze` or `thaw unfreeze`"))
    }
    if reshaped {
      findings.append(
        finding(
          .warning, "the digest does not fit: a tensor's type or shape is not what it was when the roles were written",
          "look with `thaw inspect`; saving the model with Thaw writes the digest anew"))
    }
    return findings
  }
}

extension [String] {
  /// The first names, and how many there are more.
  var shortened: String {
    let shown = prefix(5).map { "'\($0)'" }.joined(separator: ", ")
    return count > 5 ? "\(shown) and \(count - 5) more" : shown
  }
}
