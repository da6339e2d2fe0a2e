import ThawONNX
import ThawTensor

/// What a drawing of a model shows: boxes, arrows between them, and the blocks that are drawn once.
struct DrawnGraph: Sendable {
  /// An input that stands in the file: a line in its node's box.
  struct Weight: Sendable {
    /// The operator's name of the input.
    let slot: String
    let name: String
    let type: ValueType?
    let role: Role
    /// The numbers, where they are few, in place of the type.
    let numbers: String?
    /// Its place among the model's parameters.
    let parameter: Int?
    /// Whether other nodes read it too.
    let isShared: Bool
  }

  /// A node of the model.
  struct Member: Sendable {
    let name: String
    let weights: [Weight]
    let inputs: [Port]
    let outputs: [Port]
    /// Which copy of the blocks around it it stands in, from the outermost.
    let copies: [Int]
  }

  struct Port: Sendable {
    let slot: String
    let name: String
    let type: String
  }

  /// A node, or the nodes of one place in all copies of a block.
  struct Operation: Sendable {
    let id: String
    let opType: String
    let domain: String
    let attributes: [AttributeText]
    /// What else is to be said: graphs among the attributes, such as "then_branch: 12 nodes"; that Thaw has no such
    /// operator.
    let notes: [String]
    let isInBackward: Bool
    var members: [Member]
  }

  /// An input or output of the model, or several at one place in the copies of a block.
  struct Terminal: Sendable {
    let id: String
    let isInput: Bool
    let names: [String]
    let type: String
  }

  struct Arrow: Hashable, Sendable {
    let source: String
    let target: String
    let label: String
    let isInBackward: Bool
  }

  /// What stands in the drawing, or in a block of it, in order.
  enum Item: Sendable {
    case operation(Operation)
    case block(count: Int, [Item])
  }

  private(set) var items: [Item] = []
  private(set) var terminals: [Terminal] = []
  private(set) var arrows: [Arrow] = []

  /// All operations, those in blocks too.
  var operations: [Operation] {
    func all(_ items: [Item]) -> [Operation] {
      items.flatMap { item in
        switch item {
        case .operation(let operation): [operation]
        case .block(_, let items): all(items)
        }
      }
    }
    return all(items)
  }

  /// - Parameter isUnfolded: whether every block is drawn as often as it is there.
  init(_ model: Model, isUnfolded: Bool) {
    let parts = DrawnParts(model)
    let folding = isUnfolded ? nil : BlockFolding(signatures: parts.signatures, sources: parts.sources)
    let places = FoldedPlaces(folding, nodeCount: model.graph.nodes.count)
    items = Self.items(in: 0..<places.order.count, folding?.blocks ?? [], places, parts)
    (terminals, arrows) = Connections(model.graph, parts, places).result
  }

  private static func items(
    in range: Range<Int>, _ blocks: [BlockFolding.Block], _ places: FoldedPlaces, _ parts: DrawnParts
  ) -> [Item] {
    var items: [Item] = []
    var place = range.lowerBound
    func addOperations(to end: Int) {
      while place < end {
        items.append(.operation(parts.operation(of: places.members[place] ?? [])))
        place += 1
      }
    }
    for block in blocks {
      addOperations(to: block.start)
      items.append(
        .block(count: block.count, Self.items(in: block.start..<block.start + block.period, block.inner, places, parts))
      )
      place = block.start + block.period * block.count
    }
    addOperations(to: range.upperBound)
    return items
  }
}

/// Where each node is drawn.
struct FoldedPlaces {
  /// One way through a block: which block, and which of its copies.
  struct Copy: Hashable {
    let block: Int
    let index: Int
  }

  let order: [Int]
  /// By node, the node that is drawn for it.
  private(set) var representatives: [Int]
  /// By node, the copies that it lies in, from the outermost block.
  private(set) var copies: [[Copy]]
  /// By place in the order that is drawn, the nodes that are drawn there.
  private(set) var members: [Int: [(node: Int, copies: [Int])]] = [:]

  init(_ folding: BlockFolding?, nodeCount: Int) {
    order = folding?.order ?? Array(0..<nodeCount)
    representatives = Array(0..<nodeCount)
    copies = Array(repeating: [], count: nodeCount)
    for place in order.indices {
      var (drawn, blocks, path) = (place, folding?.blocks ?? [], [Copy]())
      while let block = Self.block(at: drawn, in: blocks) {
        let offset = drawn - block.start
        path.append(Copy(block: block.start, index: offset / block.period))
        drawn = block.start + offset % block.period
        blocks = block.inner
      }
      representatives[order[place]] = order[drawn]
      copies[order[place]] = path
      members[drawn, default: []].append((order[place], path.map(\.index)))
    }
  }

  private static func block(at place: Int, in blocks: [BlockFolding.Block]) -> BlockFolding.Block? {
    var (low, high) = (0, blocks.count)
    while low < high {
      let middle = (low + high) / 2
      if blocks[middle].start <= place { low = middle + 1 } else { high = middle }
    }
    guard low > 0, place < blocks[low - 1].start + blocks[low - 1].period * blocks[low - 1].count else { return nil }
    return blocks[low - 1]
  }

  /// Whether a value goes from one copy of a block to another.
  func isCarried(from source: Int, to target: Int) -> Bool {
    for (one, other) in zip(copies[source], copies[target]) {
      if one.block != other.block { return false }
      if one.index != other.index { return true }
    }
    return false
  }
}
