/// Which of a model's functions call which.
struct FunctionCalls {
  private struct Key: Hashable {
    var domain: ExactName
    var name: ExactName
    var overload: ExactName

    init(_ domain: String?, _ name: String?, _ overload: String?) {
      self.domain = ExactName(domain == "ai.onnx" ? "" : domain ?? "")
      self.name = ExactName(name ?? "")
      self.overload = ExactName(overload ?? "")
    }
  }

  private var functions: [FunctionProto] = []
  private var indices: [Key: Int] = [:]

  /// Adds a function; false when there is one of the same domain, name and overload.
  mutating func add(_ function: FunctionProto) -> Bool {
    let key = Key(function.domain, function.name, function.overload)
    guard indices[key] == nil else { return false }
    indices[key] = functions.count
    functions.append(function)
    return true
  }

  /// The functions of a circle of calls, nil when there is none.
  func circle() -> [String]? {
    let called = functions.map { function in
      var called: Set<Int> = []
      collect(function.node, into: &called)
      return called.sorted()
    }
    // What is called gives, so the circle is in the order of being called.
    return NodeOrder.circle(called).map { $0.reversed().map { functions[$0].label } }
  }

  private func collect(_ nodes: [NodeProto], into called: inout Set<Int>) {
    for node in nodes {
      if let index = indices[Key(node.domain, node.opType, node.overload)] { called.insert(index) }
      for attribute in node.attribute {
        for graph in attribute.subgraphs { collect(graph.node, into: &called) }
      }
    }
  }
}

extension FunctionProto {
  /// How messages call the function.
  var label: String {
    let base = "\(domain ?? "")::\(name ?? "")"
    return overload.flatMap { $0.isEmpty ? nil : "\(base):\($0)" } ?? base
  }
}
