/// Which node of one graph is which of another, by what they do and what they are connected to; names only decide
/// between nodes that nothing else tells apart.
struct GraphMatching {
  let a: Graph
  let b: Graph
  let marksA: GraphFingerprint
  let marksB: GraphFingerprint
  /// For each node of the first graph, that of the second.
  private(set) var partner: [Int?]
  private var partnerOfB: [Int?]

  private let producersA: [Graph.ValueIndex: Int]
  private let producersB: [Graph.ValueIndex: Int]
  private let readersA: [Graph.ValueIndex: [(node: Int, input: Int)]]
  private let readersB: [Graph.ValueIndex: [(node: Int, input: Int)]]

  init(_ first: Model, _ second: Model) {
    (a, b) = (first.graph, second.graph)
    let namesInputs = Set(first.inputs.map(\.name)) == Set(second.inputs.map(\.name))
    marksA = GraphFingerprint(a, first.proto.graph, namesInputs: namesInputs)
    marksB = GraphFingerprint(b, second.proto.graph, namesInputs: namesInputs)
    partner = [Int?](repeating: nil, count: a.nodes.count)
    partnerOfB = [Int?](repeating: nil, count: b.nodes.count)
    (producersA, producersB) = (a.producers(), b.producers())
    (readersA, readersB) = (a.consumers(), b.consumers())
    // From the surest sign to the weakest.
    match(zip(marksA.above, marksA.below).map { [$0, $1] }, zip(marksB.above, marksB.below).map { [$0, $1] })
    match(marksA.above, marksB.above)
    match(marksA.below, marksB.below)
    matchNeighbours { $0.marksA.signatures[$1] == $0.marksB.signatures[$2] }
    match(
      a.nodes.map { $0.isNamed ? [$0.opType, $0.name] : [] }, b.nodes.map { $0.isNamed ? [$0.opType, $0.name] : nil })
    matchNeighbours { $0.a.nodes[$1].opType == $0.b.nodes[$2].opType }
  }

  /// The nodes of the second graph that are none of the first's.
  var addedNodes: [Int] { partnerOfB.indices.filter { partnerOfB[$0] == nil } }
  /// The nodes of the first graph that are none of the second's.
  var removedNodes: [Int] { partner.indices.filter { partner[$0] == nil } }
  /// Pairs of nodes, in the first graph's order.
  var pairs: [(a: Int, b: Int)] { partner.enumerated().compactMap { a, b in b.map { (a, $0) } } }

  /// Whether two inputs of a pair are the same: made by partners, initial values, or inputs of the graphs at one place.
  func areSame(_ x: Graph.ValueIndex?, _ y: Graph.ValueIndex?) -> Bool {
    guard let x, let y else { return x == nil && y == nil }
    switch (producersA[x], producersB[y]) {
    case (let p?, let q?):
      return partner[p] == q && a.nodes[p].outputs.firstIndex(of: x) == b.nodes[q].outputs.firstIndex(of: y)
    case (nil, nil):
      if a.initials[x] != nil, b.initials[y] != nil { return true }
      return a.inputs.firstIndex(of: x).map { $0 == b.inputs.firstIndex(of: y) } ?? false
        || a.values[x].name == b.values[y].name
    default: return false
    }
  }

  private mutating func pair(_ x: Int, _ y: Int) { (partner[x], partnerOfB[y]) = (y, x) }

  /// Pairs nodes of equal keys: first those of the same name, then in order.
  private mutating func match<Key: Hashable>(_ keysA: [Key], _ keysB: [Key?]) {
    var groups: [Key: [Int]] = [:]
    for node in b.nodes.indices where partnerOfB[node] == nil {
      if let key = keysB[node] { groups[key, default: []].append(node) }
    }
    var rest: [Key: [Int]] = [:]
    for node in a.nodes.indices where partner[node] == nil { rest[keysA[node], default: []].append(node) }
    for (key, nodes) in rest {
      guard let others = groups[key] else { continue }
      let byName = Dictionary(others.map { (name(of: b, $0), $0) }) { first, _ in first }
      for node in nodes {
        if let other = byName[name(of: a, node)], partnerOfB[other] == nil { pair(node, other) }
      }
      for (node, other) in zip(
        nodes.filter { partner[$0] == nil }, others.filter { partnerOfB[$0] == nil })
      { pair(node, other) }
    }
  }

  /// A node's name and those of the tensors it reads.
  private func name(of graph: Graph, _ node: Int) -> [String] {
    let node = graph.nodes[node]
    let tensors = node.inputs.compactMap { $0 }.filter { graph.initials[$0] != nil }.map { graph.values[$0].name }
    return (node.isNamed ? [node.name] : []) + tensors
  }

  /// Goes out from the pairs there are, and pairs what stands at the same places around them.
  private mutating func matchNeighbours(_ isMatch: (GraphMatching, Int, Int) -> Bool) {
    var open = pairs
    func consider(_ x: Int, _ y: Int, _ matching: inout GraphMatching) {
      guard matching.partner[x] == nil, matching.partnerOfB[y] == nil, isMatch(matching, x, y) else { return }
      matching.pair(x, y)
      open.append((x, y))
    }
    while let (x, y) = open.popLast() {
      for (input, other) in zip(a.nodes[x].inputs, b.nodes[y].inputs) {
        if let p = input.flatMap({ producersA[$0] }), let q = other.flatMap({ producersB[$0] }) {
          consider(p, q, &self)
        }
      }
      for (output, other) in zip(a.nodes[x].outputs, b.nodes[y].outputs) {
        guard let output, let other else { continue }
        for reader in readersA[output] ?? [] where partner[reader.node] == nil {
          let match = (readersB[other] ?? []).first { candidate in
            candidate.input == reader.input && partnerOfB[candidate.node] == nil
              && isMatch(self, reader.node, candidate.node)
          }
          if let match { consider(reader.node, match.node, &self) }
        }
      }
    }
  }
}
