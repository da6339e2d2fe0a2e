/// Tells a graph whose nodes run in a circle from one whose nodes are merely in the wrong order.
struct NodeOrder {
  enum Problem: Equatable {
    /// The nodes of a circle, each taking from the one before.
    case cycle([Int])
    /// The first node that comes before one it takes from.
    case unsorted(Int)
  }

  /// What is wrong with the order, nil when nothing is.
  let problem: Problem?

  init(_ nodes: [NodeProto]) {
    var giver: [ExactName: Int] = [:]
    for (index, node) in nodes.enumerated() {
      for output in node.output where !output.isEmpty { giver[ExactName(output)] = index }
    }
    let sources = nodes.map { node in node.namesTaken().compactMap { giver[$0] } }
    if let circle = NodeOrder.circle(sources) {
      problem = .cycle(circle)
    } else {
      problem = sources.indices.first { index in sources[index].contains { $0 >= index } }.map(Problem.unsorted)
    }
  }

  /// A circle in the graph in which each index takes from `sources[index]`, in the order of giving and from its
  /// lowest index on; nil without one.
  ///
  /// Goes depth first with a stack of its own, since a chain can be as long as the file.
  static func circle(_ sources: [[Int]]) -> [Int]? {
    enum State { case new, open, done }
    var states = [State](repeating: .new, count: sources.count)
    for start in sources.indices where states[start] == .new {
      var path = [(index: start, next: 0)]
      states[start] = .open
      while let (index, next) = path.last {
        guard next < sources[index].count else {
          states[index] = .done
          path.removeLast()
          continue
        }
        path[path.count - 1].next += 1
        let source = sources[index][next]
        switch states[source] {
        case .done: break
        case .open:
          let begin = path.firstIndex { $0.index == source } ?? 0
          let circle = Array(path[begin...].map(\.index).reversed())
          let lowest = circle.indices.min { circle[$0] < circle[$1] } ?? 0
          return Array(circle[lowest...] + circle[..<lowest])
        case .new:
          states[source] = .open
          path.append((source, 0))
        }
      }
    }
    return nil
  }
}

extension NodeProto {
  /// The names the node takes, those that its subgraphs take from outside included.
  func namesTaken() -> Set<ExactName> {
    var names = Set(input.lazy.filter { !$0.isEmpty }.map(ExactName.init))
    for attribute in attribute {
      for graph in attribute.subgraphs { names.formUnion(graph.namesTakenFromOutside()) }
    }
    return names
  }

  /// The names the node takes, those that its subgraphs take from outside included, as texts.
  package var takenNames: Set<String> { Set(namesTaken().map(\.text)) }

  /// How messages call the node.
  var label: String {
    let type = opType ?? "node"
    return name.flatMap { $0.isEmpty ? nil : "\(type) \($0)" } ?? "\(type) giving \(output.first ?? "nothing")"
  }
}

extension GraphProto {
  fileprivate func namesTakenFromOutside() -> Set<ExactName> {
    var names: Set<ExactName> = []
    for node in node { names.formUnion(node.namesTaken()) }
    for value in input { names.remove(ExactName(value.name ?? "")) }
    for tensor in initializer { names.remove(ExactName(tensor.name ?? "")) }
    for tensor in sparseInitializer { names.remove(ExactName(tensor.values?.name ?? "")) }
    for output in node.lazy.flatMap(\.output) { names.remove(ExactName(output)) }
    return names
  }
}

extension AttributeProto {
  /// The graphs the attribute holds.
  package var subgraphs: [GraphProto] { (g.map { [$0] } ?? []) + graphs }

  /// The types whose fields are set.
  var typesHeld: [AttributeType] {
    let held: [(AttributeType, Bool)] = [
      (.float, f != nil), (.int, i != nil), (.string, s != nil), (.tensor, t != nil), (.graph, g != nil),
      (.typeProto, tp != nil), (.sparseTensor, sparseTensor != nil), (.floats, !floats.isEmpty),
      (.ints, !ints.isEmpty), (.strings, !strings.isEmpty), (.tensors, !tensors.isEmpty), (.graphs, !graphs.isEmpty),
      (.sparseTensors, !sparseTensors.isEmpty), (.typeProtos, !typeProtos.isEmpty),
    ]
    return held.filter(\.1).map(\.0)
  }
}
