/// Orders of a graph's nodes in which each comes after those it reads, and the parts of a chain one after another.
enum NodeOrders {
  /// By the longest way from the graph's inputs.
  ///
  /// What several parts read, such as a mask or what an encoder gives, comes before all of them, with all that leads to
  /// it; what one node alone reads comes just before that node.
  static func byDepth(_ signatures: [Int], _ sources: [[BlockFolding.Source]]) -> [Int] {
    var depths = [Int](repeating: 0, count: signatures.count)
    var readers = [[BlockFolding.Source]](repeating: [], count: signatures.count)
    for node in signatures.indices {
      for source in sources[node] {
        depths[node] = max(depths[node], depths[source.node] + 1)
        readers[source.node].append(BlockFolding.Source(slot: source.slot, node: node, output: source.output))
      }
    }
    let earliest = depths
    var levels = [Int](repeating: 0, count: signatures.count)
    for node in signatures.indices.reversed() {
      if let reader = readers[node].first?.node, readers[node].allSatisfy({ $0.node == reader }) {
        depths[node] = max(depths[node], depths[reader] - 1)
      }
      // Never below that of a reader, so that the order stays one.
      levels[node] = readers[node].map { levels[$0.node] }.max() ?? 0
      if isShared(readers[node], signatures, earliest) { levels[node] += 1 }
    }
    // Among nodes of one depth, by what becomes of them, as far as a few steps show.
    var futures = signatures
    for _ in 0..<3 {
      futures = signatures.indices.map { node in
        var hasher = FixedHash(signatures[node])
        for word in readers[node].map({ FixedHash(futures[$0.node], $0.slot, $0.output).value }).sorted() {
          hasher.combine(word)
        }
        return hasher.value
      }
    }
    return signatures.indices.sorted {
      (levels[$1], depths[$0], signatures[$0], futures[$0], $0) < (
        levels[$0], depths[$1], signatures[$1], futures[$1], $1
      )
    }
  }

  /// Whether nodes of one kind read a value in the same way at different depths, as the parts of a chain do.
  private static func isShared(
    _ readers: [BlockFolding.Source], _ signatures: [Int], _ depths: [Int]
  ) -> Bool {
    var depthsByKind: [BlockFolding.Source: Int] = [:]
    return readers.contains { reader in
      let kind = BlockFolding.Source(slot: reader.slot, node: signatures[reader.node], output: reader.output)
      return depthsByKind.updateValue(depths[reader.node], forKey: kind) ?? depths[reader.node] != depths[reader.node]
    }
  }

  /// From the ends of the graph backwards, each node after all that it reads.
  static func depthFirst(_ sources: [[BlockFolding.Source]]) -> [Int] {
    var isRead = [Bool](repeating: false, count: sources.count)
    for source in sources.joined() { isRead[source.node] = true }
    var order: [Int] = []
    var isSeen = [Bool](repeating: false, count: sources.count)
    for end in sources.indices where !isRead[end] {
      var open = [(node: end, next: 0)]
      isSeen[end] = true
      while let (node, next) = open.last {
        guard next < sources[node].count else {
          order.append(node)
          open.removeLast()
          continue
        }
        open[open.count - 1].next += 1
        let source = sources[node][next].node
        guard !isSeen[source] else { continue }
        isSeen[source] = true
        open.append((source, 0))
      }
    }
    return order
  }
}

/// A hash that is the same in every run of the program, so that equal models give equal drawings.
private struct FixedHash {
  private(set) var value = 0

  init(_ words: Int...) { for word in words { combine(word) } }

  mutating func combine(_ word: Int) {
    var mixed = UInt64(truncatingIfNeeded: value) ^ UInt64(truncatingIfNeeded: word) &* 0x9e37_79b9_7f4a_7c15
    mixed = (mixed ^ mixed >> 32) &* 0xd6e8_feb8_6659_fd93
    value = Int(truncatingIfNeeded: mixed ^ mixed >> 29)
  }
}
