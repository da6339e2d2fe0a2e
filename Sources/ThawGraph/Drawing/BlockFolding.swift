/// The blocks of a graph that repeat: chains of isomorphic parts, found by structure alone.
///
/// Nodes are put into an order in which the parts of a chain lie one after another; there a repeated block is a run of
/// equal signatures with a period, found by hashes in time O(n log n), and kept where the wiring inside its copies is
/// the same too. Blocks may hold blocks.
struct BlockFolding {
  /// What a node reads of another one.
  struct Source: Hashable {
    /// As which input.
    let slot: Int
    let node: Int
    /// Which output of `node`.
    let output: Int
  }

  /// A part that follows on itself.
  struct Block: Equatable {
    /// The place of its first copy's first node in `order`.
    let start: Int
    /// How many nodes a copy has.
    let period: Int
    /// How many copies there are.
    let count: Int
    /// Blocks in the first copy, which stands for all.
    let inner: [Block]

    /// How many nodes need not be drawn.
    var savedCount: Int { (count - 1) * period + inner.reduce(0) { $0 + $1.savedCount } }
  }

  /// The nodes, in an order in which each comes after those it reads.
  private(set) var order: [Int] = []
  /// Those that lie in no other, from the first to the last.
  private(set) var blocks: [Block] = []

  /// Folding that spares fewer nodes than this hides more than it shows.
  static let smallestSaving = 4
  private static let deepestNesting = 3

  /// - Parameters:
  ///   - signatures: by node, equal where two nodes may stand for each other.
  ///   - sources: by node; each comes before the node that reads it.
  init(signatures: [Int], sources: [[Source]]) {
    let orders = [
      NodeOrders.byDepth(signatures, sources), Array(signatures.indices), NodeOrders.depthFirst(sources),
    ]
    for order in orders {
      let run = RunSearch(order: order, signatures: signatures, sources: sources)
      let blocks = run.blocks(in: 0..<order.count, nesting: Self.deepestNesting)
      if self.order.isEmpty || blocks.savedCount > self.blocks.savedCount {
        (self.order, self.blocks) = (order, blocks)
      }
    }
  }
}

extension [BlockFolding.Block] {
  fileprivate var savedCount: Int { reduce(0) { $0 + $1.savedCount } }
}

/// Looks for runs with a period in one order of the nodes.
private struct RunSearch {
  private let order: [Int]
  private let signatures: [Int]
  private let sources: [[BlockFolding.Source]]
  private let places: [Int]
  /// How many values are made before a place and read at it or after.
  private let crossings: [Int]
  /// Of the signatures before each place, by a base that `powers` holds the powers of.
  private let hashes: [UInt64]
  private let powers: [UInt64]

  private struct Run {
    let range: Range<Int>
    let period: Int

    var saving: Int { (range.count / period - 1) * period }
  }

  init(order: [Int], signatures: [Int], sources: [[BlockFolding.Source]]) {
    self.order = order
    self.signatures = signatures
    self.sources = sources
    var places = [Int](repeating: 0, count: order.count)
    for (place, node) in order.enumerated() { places[node] = place }
    self.places = places
    crossings = Self.crossings(order, sources, places)
    var (hashes, powers): ([UInt64], [UInt64]) = ([0], [1])
    for node in order {
      let mixed = (UInt64(truncatingIfNeeded: signatures[node]) &+ 1) &* 0x9e37_79b9_7f4a_7c15
      hashes.append((hashes.last ?? 0) &* Self.base &+ (mixed ^ mixed >> 29))
      powers.append((powers.last ?? 1) &* Self.base)
    }
    (self.hashes, self.powers) = (hashes, powers)
  }

  private static let base: UInt64 = 0xd134_2543_de82_ef95
  /// How often the rarest node of a block may stand in it, and how many places where a block may begin are tried.
  private static let (mostOccurrences, mostPhases) = (16, 6)

  func blocks(in range: Range<Int>, nesting: Int) -> [BlockFolding.Block] {
    guard nesting > 0, range.count > BlockFolding.smallestSaving else { return [] }
    var taken = [Bool](repeating: false, count: range.count)
    var found: [BlockFolding.Block] = []
    for run in runs(in: range).sorted(by: {
      ($1.saving, $0.period, $0.range.lowerBound) < ($0.saving, $1.period, $1.range.lowerBound)
    }) {
      let free = longestFree(in: run.range, taken, from: range.lowerBound)
      guard let block = block(in: Run(range: free, period: run.period), nesting: nesting) else { continue }
      for place in block.start..<block.start + block.period * block.count { taken[place - range.lowerBound] = true }
      found.append(block)
    }
    return found.sorted { $0.start < $1.start }
  }

  private func longestFree(in range: Range<Int>, _ taken: [Bool], from origin: Int) -> Range<Int> {
    var longest = range.lowerBound..<range.lowerBound
    var start = range.lowerBound
    for place in range {
      if taken[place - origin] {
        start = place + 1
      } else if place + 1 - start > longest.count {
        longest = start..<place + 1
      }
    }
    return longest
  }

  // Runs: ranges in which every signature is that of the place a period before.

  private func runs(in range: Range<Int>) -> [Run] {
    var runs: [Run] = []
    var ends: [Int: Int] = [:]
    var occurrences: [Int: [Int]] = [:]
    for place in range {
      let signature = signatures[order[place]]
      let earlier = occurrences[signature] ?? []
      for other in earlier.reversed() {
        let period = place - other
        guard place >= ends[period] ?? 0 else { continue }
        let start = other - agreement(before: other, place, from: range.lowerBound)
        let end = place + agreement(from: other, place, to: range.upperBound)
        ends[period] = end
        let run = Run(range: start..<end, period: period)
        if run.saving >= BlockFolding.smallestSaving { runs.append(run) }
      }
      occurrences[signature] = earlier.suffix(Self.mostOccurrences - 1) + [place]
    }
    return runs
  }

  private func hash(_ start: Int, _ count: Int) -> UInt64 {
    hashes[start + count] &- hashes[start] &* powers[count]
  }

  /// How far the signatures from two places on are equal.
  private func agreement(from first: Int, _ second: Int, to end: Int) -> Int {
    longest(upTo: end - second) { hash(first, $0) == hash(second, $0) }
  }

  /// How far those before two places are equal.
  private func agreement(before first: Int, _ second: Int, from start: Int) -> Int {
    longest(upTo: first - start) { hash(first - $0, $0) == hash(second - $0, $0) }
  }

  private func longest(upTo limit: Int, _ agrees: (Int) -> Bool) -> Int {
    var (low, high) = (0, limit)
    while low < high {
      let middle = (low + high + 1) / 2
      if agrees(middle) { low = middle } else { high = middle - 1 }
    }
    return low
  }

  // From runs to blocks.

  /// The best way to cut a run into copies: as many as there are, at places that the fewest values cross.
  private func block(in run: Run, nesting: Int) -> BlockFolding.Block? {
    guard run.saving >= BlockFolding.smallestSaving else { return nil }
    let phases = (0..<min(run.period, run.range.count - 2 * run.period + 1)).map { phase in
      let start = run.range.lowerBound + phase
      return (start: start, count: (run.range.upperBound - start) / run.period)
    }
    let most = phases.map(\.count).max() ?? 0
    let ranked = phases.filter { ($0.count - 1) * run.period >= BlockFolding.smallestSaving && $0.count >= most - 1 }
      .map { phase in (phase, cost: cost(of: phase.start, phase.count, run.period)) }
      .sorted { ($0.cost, $1.0.count, $0.0.start) < ($1.cost, $0.0.count, $1.0.start) }
    var best: (start: Int, count: Int)?
    for (phase, _) in ranked.prefix(Self.mostPhases) {
      let copies = longestChain(from: phase.start, phase.count, run.period)
      if copies.count > best?.count ?? 1 {
        best = (phase.start + copies.lowerBound * run.period, copies.count)
      }
      if copies.count == phase.count { break }
    }
    guard let best, (best.count - 1) * run.period >= BlockFolding.smallestSaving else { return nil }
    return BlockFolding.Block(
      start: best.start, period: run.period, count: best.count,
      inner: blocks(in: best.start..<best.start + run.period, nesting: nesting - 1))
  }

  /// The fewest values that cross a border between copies.
  private func cost(of start: Int, _ count: Int, _ period: Int) -> Int {
    (1..<max(count, 2)).map { crossings[start + $0 * period] }.max() ?? 0
  }

  /// The most copies one after another that are wired alike inside and among themselves.
  private func longestChain(from start: Int, _ count: Int, _ period: Int) -> Range<Int> {
    var longest = 0..<1
    var first = 0
    for copy in 1..<max(count, 1) {
      let place = start + copy * period
      if !areAlike(place - period, place, period, chained: copy - 1 > first) { first = copy }
      if copy + 1 - first > longest.count { longest = first..<copy + 1 }
    }
    return longest
  }

  private func areAlike(_ first: Int, _ second: Int, _ period: Int, chained: Bool) -> Bool {
    (0..<period).allSatisfy { offset in
      let (a, b) = (order[first + offset], order[second + offset])
      guard signatures[a] == signatures[b] else { return false }
      let slots = Set(sources[a].map(\.slot) + sources[b].map(\.slot))
      return slots.allSatisfy { slot in
        let one = sources[a].first { $0.slot == slot }
        let other = sources[b].first { $0.slot == slot }
        // What no node makes is an input of the graph, and lies outside of every copy.
        let from = one.map { places[$0.node] - first } ?? .min
        let to = other.map { places[$0.node] - second } ?? .min
        if from >= 0 || to >= 0 { return from == to && one?.output == other?.output }
        return !chained || (from == to && one?.output == other?.output) || (from < -period && to < -period)
      }
    }
  }

  private static func crossings(
    _ order: [Int], _ sources: [[BlockFolding.Source]], _ places: [Int]
  ) -> [Int] {
    var lastReads: [BlockFolding.Source: Int] = [:]
    for (place, node) in order.enumerated() {
      for source in sources[node] {
        lastReads[BlockFolding.Source(slot: 0, node: source.node, output: source.output)] = place
      }
    }
    var changes = [Int](repeating: 0, count: order.count + 2)
    for (value, last) in lastReads {
      changes[places[value.node] + 1] += 1
      changes[last + 1] -= 1
    }
    var crossings: [Int] = []
    for change in changes { crossings.append((crossings.last ?? 0) + change) }
    return crossings
  }
}
