import ThawONNX
import ThawTensor

/// Which initial value of one graph is which of another: those that partner nodes read at the same place, then those of
/// the same name.
struct TensorPairing {
  private(set) var pairs: [(a: Graph.ValueIndex, b: Graph.ValueIndex)] = []
  private(set) var onlyA: [Graph.ValueIndex] = []
  private(set) var onlyB: [Graph.ValueIndex] = []

  init(_ matching: GraphMatching) {
    let (a, b) = (matching.a, matching.b)
    var pairedA: Set<Graph.ValueIndex> = []
    var pairedB: Set<Graph.ValueIndex> = []
    func pair(_ x: Graph.ValueIndex, _ y: Graph.ValueIndex) -> Bool {
      guard a.initials[x] != nil, b.initials[y] != nil, !pairedA.contains(x), !pairedB.contains(y) else { return false }
      pairedA.insert(x)
      pairedB.insert(y)
      return true
    }
    for (node, other) in matching.pairs {
      for case (let x?, let y?) in zip(a.nodes[node].inputs, b.nodes[other].inputs) where pair(x, y) {
        pairs.append((x, y))
      }
    }
    let names = Dictionary(b.initials.keys.map { (b.values[$0].name, $0) }) { min($0, $1) }
    for x in a.initials.keys.sorted() where !pairedA.contains(x) {
      if let y = names[a.values[x].name], pair(x, y) { pairs.append((x, y)) } else { onlyA.append(x) }
    }
    onlyB = b.initials.keys.filter { !pairedB.contains($0) }.sorted()
    pairs.sort { $0.a < $1.a }
  }
}

extension Graph {
  /// The elements of an initial value, where they are; nil for a value that is none.
  func data(of index: ValueIndex) throws -> TensorData? {
    switch initials[index] {
    case .parameter(let parameter): try parameter.data()
    case .constant(let stored): try stored.data()
    case nil: nil
    }
  }

  func typeText(of index: ValueIndex) -> String {
    switch initials[index] {
    case .parameter(let parameter): parameter.type.description
    case .constant(let stored): stored.type?.description ?? "unknown"
    case nil: "unknown"
    }
  }

  /// Whether an initial value has a name in the file, and is not what an attribute of an older version became.
  func isNamedTensor(_ index: ValueIndex) -> Bool {
    if case .constant(let stored)? = initials[index] { return !stored.isSupplied }
    return true
  }
}
