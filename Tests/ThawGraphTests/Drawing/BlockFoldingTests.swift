import Testing

@testable import ThawGraph

/// Chains of parts with a mask that all of them read, in several orders of their nodes.
@Suite("Blocks that repeat") struct BlockFoldingTests {
  private struct Network {
    var signatures: [Int] = []
    var sources: [[BlockFolding.Source]] = []

    mutating func add(_ signature: Int, _ inputs: Int...) -> Int {
      signatures.append(signature)
      sources.append(inputs.enumerated().map { BlockFolding.Source(slot: $0, node: $1, output: 0) })
      return signatures.count - 1
    }

    /// - Parameter kinds: of each layer, 0 for one like most.
    init(layers kinds: [Int], rewired: Int? = nil) {
      var x = add(100)
      var mask: Int?
      for (layer, kind) in kinds.enumerated() {
        let norm = add(1, x)
        let (q, k, v) = (add(2 + kind, norm), add(2 + kind, norm), add(2 + kind, norm))
        let scores = add(4, q, add(3, k))
        // The mask is made where it is first read, as exporters write it.
        let read = mask ?? add(51, add(50))
        mask = read
        let mixed = add(4, add(6, add(5, scores, read)), layer == rewired ? q : v)
        let middle = add(7, x, add(2 + kind, mixed))
        x = add(7, middle, add(10, add(9, add(8, add(1, middle)))))
      }
      _ = add(200, x)
    }
  }

  @Test(
    "as many copies as there are layers alike",
    arguments: [
      ([0], nil, []), ([0, 0], nil, [2]), (Array(repeating: 0, count: 12), nil, [12]),
      // Frozen layers are another kind than those that train.
      ([0, 0, 0, 0, 0, 0, 20, 20, 20], nil, [6, 3]), ([0, 20, 40, 60], nil, []),
      // Alike node by node, and wired in another way.
      (Array(repeating: 0, count: 9), 5, [5, 3]),
    ] as [([Int], Int?, [Int])])
  func layers(kinds: [Int], rewired: Int?, counts: [Int]) {
    let network = Network(layers: kinds, rewired: rewired)
    let folding = BlockFolding(signatures: network.signatures, sources: network.sources)
    #expect(folding.blocks.map(\.count) == counts)
    #expect(folding.blocks.allSatisfy { $0.period == 16 })
    #expect(folding.order.sorted() == Array(network.signatures.indices))
    var seen = Set<Int>()
    for node in folding.order {
      #expect(network.sources[node].allSatisfy { seen.contains($0.node) })
      seen.insert(node)
    }
  }

  @Test("100,000 nodes in seconds") func large() {
    let network = Network(layers: Array(repeating: 0, count: 6_000))
    let duration = ContinuousClock().measure {
      #expect(BlockFolding(signatures: network.signatures, sources: network.sources).blocks.map(\.count) == [6_000])
    }
    #expect(duration < .seconds(60))
  }
}
