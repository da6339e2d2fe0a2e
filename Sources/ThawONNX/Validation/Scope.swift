/// The names that are visible at a point of a graph, and through its outer graphs.
final class Scope {
  let domains: Set<String>
  let isFunction: Bool
  /// The nodes of the graph, also those not yet reached.
  var nodes: [NodeProto] = []
  /// Whether a name was used before the node that gives it.
  private(set) var isOutOfOrder = false

  private var names: Set<ExactName> = []
  private let outer: Scope?
  private lazy var given = Set(nodes.lazy.flatMap(\.output).map(ExactName.init))

  init(domains: Set<String>, isFunction: Bool = false) {
    self.domains = domains
    self.isFunction = isFunction
    outer = nil
  }

  init(inside outer: Scope) {
    domains = outer.domains
    isFunction = outer.isFunction
    self.outer = outer
  }

  /// Adds a name to this graph; false when it was there.
  @discardableResult
  func add(_ name: String?) -> Bool { names.insert(ExactName(name ?? "")).inserted }

  /// Whether this graph has the name, outer ones aside.
  func has(_ name: String) -> Bool { names.contains(ExactName(name)) }

  /// Whether this graph or an outer one has the name.
  func sees(_ name: String) -> Bool {
    let name = ExactName(name)
    var scope: Scope? = self
    while let current = scope {
      if current.names.contains(name) { return true }
      scope = current.outer
    }
    return false
  }

  /// Whether a later node of this graph, or of an outer one, gives the name; that graph is then out of order.
  func willSee(_ name: String) -> Bool {
    let name = ExactName(name)
    var scope: Scope? = self
    while let current = scope {
      if current.given.contains(name) {
        current.isOutOfOrder = true
        return true
      }
      scope = current.outer
    }
    return false
  }
}
