import ThawTensor
import ThawTypes

/// The ends that a frozen prefix may have: after each of its nodes, in the order of the file.
struct PrefixCuts {
  private let flow: BatchFlow
  private let order: [Int]
  private let target: Graph.ValueIndex
  /// The inputs with samples.
  private let inputs: [Graph.ValueIndex]
  /// The nodes that give something else to each sample, all of them computable once.
  private let work: [Int]
  /// For each value of samples, the number of nodes of `work` after which nobody reads it any more.
  private let lastReads: [Graph.ValueIndex: Int]

  init(_ flow: BatchFlow, order: [Int], target: Graph.ValueIndex, inputs: [Graph.ValueIndex]) {
    self.flow = flow
    self.order = order
    self.target = target
    self.inputs = inputs
    let work = order.filter(flow.isOfSamples)
    self.work = work
    let places = Dictionary(uniqueKeysWithValues: work.enumerated().map { ($1, $0 + 1) })
    let end = work.count + 1
    var lastReads = [target: end]
    for index in order.reversed() {
      let node = flow.graph.nodes[index]
      // What no sample goes into is computed wherever it is read, the features' side included.
      let outputs = node.outputs.compactMap { $0.flatMap { lastReads[$0] } }
      let time = places[index] ?? (flow.isOfNoSample(index) ? outputs.max() ?? 0 : end)
      for case let input? in node.inputs { lastReads[input] = max(lastReads[input] ?? 0, time) }
    }
    self.lastReads = lastReads
  }

  /// Computing beside reading and writing: an element of a product costs about as much as a fifth of a byte.
  private static let bytesPerProduct = 0.2

  /// The end with the most work saved, less what reading the features takes.
  func best(_ byteLimit: Int) -> PrefixSearch {
    var cut: (count: Int, gain: Double)?
    var isTooLarge: (bytes: Int, node: Int)?
    var border: Set<Graph.ValueIndex> = []
    var bytes = 0
    var saved = 0.0
    var products = 0.0
    var readInputs = inputs.filter { lastReads[$0] != nil }
    for (position, index) in work.enumerated() {
      let count = position + 1
      let effort = effort(of: index)
      products += effort.products
      saved += Self.bytesPerProduct * effort.products + effort.bytes
      for case let output? in flow.graph.nodes[index].outputs where (lastReads[output] ?? 0) > count {
        border.insert(output)
        bytes += flow.byteCount(of: output) ?? 0
      }
      for value in border where (lastReads[value] ?? 0) <= count {
        border.remove(value)
        bytes -= flow.byteCount(of: value) ?? 0
      }
      readInputs = readInputs.filter { lastReads[$0] ?? 0 > count }
      guard products > 0, !border.isEmpty, border.allSatisfy(canBeKept) else { continue }
      guard bytes <= byteLimit else {
        if bytes < isTooLarge?.bytes ?? .max { isTooLarge = (bytes, index) }
        continue
      }
      let read = readInputs.reduce(bytes) { $0 + (flow.byteCount(of: $1) ?? 0) }
      let gain = saved - 2 * Double(read)
      if gain > 0, gain >= cut?.gain ?? 0 { cut = (count, gain) }
    }
    if let cut { return .found(prefix(cut.count)) }
    return .none(because: reason(isTooLarge, byteLimit, hasProducts: products > 0))
  }

  /// Whether a value can be stored sample by sample.
  private func canBeKept(_ value: Graph.ValueIndex) -> Bool {
    flow.axes[value] == .along(0) && flow.byteCount(of: value) != nil
  }

  private func prefix(_ count: Int) -> FrozenPrefix {
    let done = work[..<count]
    let values = done.flatMap { flow.graph.nodes[$0].outputs.compactMap { $0 } }
    let border = values.filter { (lastReads[$0] ?? 0) > count }.sorted()
    let features = border.map { value in
      let type = flow.trials.first?.shapes.types[value]
      return FrozenPrefix.Feature(
        value: value, name: flow.graph.values[value].name,
        type: TensorType(type?.dtype ?? .float32, type?.dims.map { [.unknown] + $0.dropFirst() }))
    }
    return FrozenPrefix(
      features: features, byteCount: border.reduce(0) { $0 + (flow.byteCount(of: $1) ?? 0) },
      largestByteCount: values.compactMap(flow.byteCount).max() ?? 0, nodeCount: count,
      lastNode: done.last.map(description) ?? "")
  }

  private func description(_ index: Int) -> String {
    let node = flow.graph.nodes[index]
    return "node '\(node.name)' (\(node.opType))"
  }

  private func reason(
    _ isTooLarge: (bytes: Int, node: Int)?, _ byteLimit: Int, hasProducts: Bool
  ) -> String {
    if let (bytes, node) = isTooLarge {
      return "the features after \(description(node)) take \(bytes) bytes a sample, and \(max(byteLimit, 0)) fit"
    }
    if let first = flow.obstacles.first, !hasProducts { return first.reason }
    let trained = order.first { index in
      flow.graph.nodes[index].inputs.contains { value in
        guard let value, case .parameter(let parameter)? = flow.graph.initials[value] else { return false }
        return parameter.role == .trainable
      }
    }
    guard let trained else { return "nothing that trains is read" }
    return "what is computed before \(description(trained)), which trains, is too little"
  }

  /// What a node costs for a sample: bytes that it reads and writes, and products that it adds up.
  private func effort(of index: Int) -> (bytes: Double, products: Double) {
    let node = flow.graph.nodes[index]
    let ofSamples = (node.inputs + node.outputs).compactMap { $0 }.filter {
      if case .along? = flow.axes[$0] { true } else { false }
    }
    let bytes = ofSamples.reduce(0.0) { $0 + Double(flow.byteCount(of: $1) ?? 0) }
    let output = node.outputs.lazy.compactMap { $0 }.compactMap { value in shape(value).map { (value, $0) } }.first
    guard let (value, shape) = output, let trial = flow.trials.first else { return (bytes, 0) }
    let perSample = flow.axes[value].map { if case .along = $0 { trial.sampleCount } else { 1 } } ?? 1
    let results = Double(shape.reduce(1, *)) / Double(max(perSample, 1))
    let products = node.inputs.enumerated().reduce(0.0) { sum, input in
      guard let weight = input.element, case .weight = node.use(ofInput: input.offset),
        let sizes = self.shape(weight), sizes.count >= 2
      else { return sum }
      // Each element of a weight is used for every place of the result, which has as many columns as the weight.
      let columns = sizes.filter(shape.contains).max() ?? 1
      return sum + Double(sizes.reduce(1, *)) * max(1, results / Double(max(columns, 1)))
    }
    return (bytes, products)
  }

  private func shape(_ value: Graph.ValueIndex) -> [Int]? { flow.trials.first?.shapes.types[value]?.shape }
}
