import ThawONNX
import ThawTensor

extension Model {
  /// A model with other names of values, initializers or nodes; roles go with the names.
  ///
  /// Of several rules that match a name, the first holds. Names are changed in the graphs of nodes too, not in functions,
  /// whose names are their own.
  ///
  /// - Throws: `ModelError` of kind `name` for a rule that matches nothing, for a new name that is empty, and for two
  ///   names that would become the same.
  public func renamed(_ rules: [Renaming]) throws -> Model {
    var changed = try changedProto()
    let initializers = Set((changed.graph?.initializer ?? []).compactMap(\.name))
    var used: Set<Renaming> = []
    func names(_ old: [String], _ what: String, _ rule: (String) -> Renaming?) throws -> [String: String] {
      var names: [String: String] = [:]
      var olds: [String: String] = [:]
      for name in old {
        let rule = rule(name)
        if let rule { used.insert(rule) }
        let new = rule?.name(for: name) ?? name
        guard !new.isEmpty else { throw ModelError(.name, "the new name of the \(what) '\(name)' would be empty") }
        if let other = olds.updateValue(name, forKey: new) {
          throw ModelError(.name, "the \(what)s '\(other)' and '\(name)' would both be named '\(new)'")
        }
        names[name] = new
      }
      return names
    }
    let values = try names(changed.valueNames, "value") { name in
      rules.first { rule in
        (rule.subject == .values || rule.subject == .initializers && initializers.contains(name))
          && rule.name(for: name) != nil
      }
    }
    let nodes = try names(changed.nodeNames, "node") { name in
      rules.first { $0.subject == .nodes && $0.name(for: name) != nil }
    }
    if let idle = rules.first(where: { !used.contains($0) }) {
      throw ModelError(
        .name, "no \(idle.subject.singular) is named like '\(idle.pattern)'; `thaw inspect` lists the names")
    }
    changed.renameValues { values[$0] ?? $0 }
    changed.renameNodes { nodes[$0] ?? $0 }
    changed.setRoles(nil)
    // Names are changed and nothing moves, so that parameters stay in their order.
    let renamed = try Model(changed, operators: operators)
    guard renamed.parameters.count == parameters.count else {
      throw ModelError(.graph, "the renamed model has other parameters; please report this")
    }
    let roles = Dictionary(zip(renamed.parameters, parameters).map { ($0.name, $1.role) }) { first, _ in first }
    return try edited(changed, roles: roles)
  }
}

extension Renaming.Subject {
  fileprivate var singular: String {
    switch self {
    case .values: "value"
    case .initializers: "initializer"
    case .nodes: "node"
    }
  }
}
