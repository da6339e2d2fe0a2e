import ThawONNX
import ThawTensor
import ThawTypes

/// What a drawing takes from a model: by node, what is shown and what makes two nodes alike.
struct DrawnParts {
  let backward: BackwardPart
  /// The types of the graph's values, inferred.
  let types: [Graph.ValueIndex: ValueType]
  /// By node, equal where two nodes are drawn alike.
  private(set) var signatures: [Int] = []
  /// By node, what it reads of others.
  private(set) var sources: [[BlockFolding.Source]] = []
  private let graph: Graph
  private let parameters: [Graph.ValueIndex: Int]
  private let readerCounts: [Graph.ValueIndex: Int]
  private var attributes: [[AttributeText]] = []

  /// How many numbers of a constant are shown.
  private static let shownNumbers = 8

  init(_ model: Model) {
    graph = model.graph
    backward = BackwardPart(graph)
    types = Inference(graph).world.types
    parameters = Dictionary(
      model.places.enumerated().map { ($1.value, $0) }, uniquingKeysWith: { first, _ in first })
    readerCounts = graph.consumers().mapValues(\.count)
    var protos: [String: NodeProto] = [:]
    for proto in model.proto.graph?.node ?? [] { if let name = proto.output.first { protos[name] = proto } }
    let producers = graph.producers()
    var numbers: [[String]: Int] = [:]
    for (index, node) in graph.nodes.enumerated() {
      let name = node.outputs.lazy.compactMap { $0 }.first.map { graph.values[$0].name }
      let proto = name.flatMap { protos[$0] }
      // A node of a model's function has its output's name from the call.
      let own = AttributeText.list(of: node, in: proto?.opType == node.opType ? proto : nil, opsets: graph.opsets)
      attributes.append(own)
      sources.append(
        node.inputs.enumerated().compactMap { slot, input in
          guard let input, let producer = producers[input] else { return nil }
          let output = graph.nodes[producer].outputs.firstIndex(of: input) ?? 0
          return BlockFolding.Source(slot: slot, node: producer, output: output)
        })
      let signature = self.signature(of: index, own)
      let number = numbers[signature] ?? numbers.count
      numbers[signature] = number
      signatures.append(number)
    }
  }

  private func signature(of index: Int, _ attributes: [AttributeText]) -> [String] {
    let node = graph.nodes[index]
    return [node.opType, domain(of: node), backward.nodes.contains(index) ? "backward" : ""]
      + attributes.flatMap { [$0.name, $0.text] }
      + node.inputs.indices.flatMap { slot -> [String] in
        guard let weight = weight(of: node, at: slot) else { return [node.inputs[slot] == nil ? "-" : "+"] }
        return [weight.role.rawValue, weight.type?.drawn ?? "", weight.parameter == nil ? weight.numbers ?? "" : ""]
      }
      + node.outputs.map { output in
        // Dimensions without a number may have other names in each part of a chain.
        guard let tensor = output.flatMap({ types[$0] })?.tensor else { return "" }
        return "\(tensor.dtype)" + (tensor.dims?.map { $0.value.map { "\($0)" } ?? "?" }.joined(separator: "×") ?? "")
      }
  }

  private func domain(of node: Graph.Node) -> String {
    switch node.operation {
    case .known(let operation): operation.schema.domain.rawValue
    case .missing(let missing): missing.domain
    }
  }

  /// What stands in the file at an input; nil for what is computed.
  private func weight(of node: Graph.Node, at slot: Int) -> DrawnGraph.Weight? {
    guard let input = node.inputs[slot], let initial = graph.initials[input] else { return nil }
    let (type, role): (TensorType?, Role)
    let stored: StoredTensor
    switch initial {
    case .parameter(let parameter): (type, role, stored) = (parameter.type, parameter.role, parameter.stored)
    case .constant(let constant): (type, role, stored) = (constant.type, .constant, constant)
    }
    let count = type?.shape?.reduce(1, *) ?? .max
    let numbers = role == .constant && count <= Self.shownNumbers ? Self.numbers(of: stored) : nil
    return DrawnGraph.Weight(
      slot: slotName(node, slot), name: graph.values[input].name,
      type: type.map(ValueType.tensor), role: role, numbers: numbers,
      parameter: parameters[input], isShared: readerCounts[input] ?? 0 > 1)
  }

  private static func numbers(of stored: StoredTensor) -> String? {
    guard let tensor = try? stored.tensor(), tensor.dtype != .string else { return nil }
    let words: [String]?
    if tensor.dtype.isFloatingPoint {
      words = (try? tensor.elements(as: Double.self))?.map { "\(Float($0))" }
    } else {
      words = (try? tensor.integers())?.map { "\($0)" }
    }
    guard let words else { return nil }
    return tensor.shape.isEmpty ? words.first : "[" + words.joined(separator: ", ") + "]"
  }

  private func slotName(_ node: Graph.Node, _ slot: Int) -> String {
    guard let formal = node.operation.known?.schema.input(at: slot) else { return "input \(slot)" }
    return formal.isVariadic ? "\(formal.name) \(slot)" : formal.name
  }

  /// The box of some nodes that are drawn as one.
  func operation(of members: [(node: Int, copies: [Int])]) -> DrawnGraph.Operation {
    let first = members.first?.node ?? 0
    let node = graph.nodes[first]
    return DrawnGraph.Operation(
      id: "n\(first)", opType: node.opType, domain: domain(of: node), attributes: attributes[first],
      notes: (node.operation.known == nil ? ["not an operator of Thaw"] : [])
        + node.bodies.map { "\($0.attribute): \(ModelDrawing.counted($0.body.graph.nodes.count, "node"))" },
      isInBackward: backward.nodes.contains(first),
      members: members.map { member(graph.nodes[$0.node], $0.copies) })
  }

  private func member(_ node: Graph.Node, _ copies: [Int]) -> DrawnGraph.Member {
    DrawnGraph.Member(
      name: node.name,
      weights: node.inputs.indices.compactMap { weight(of: node, at: $0) },
      inputs: node.inputs.enumerated().compactMap { slot, input in
        guard let input, graph.initials[input] == nil else { return nil }
        return port(slotName(node, slot), input)
      },
      outputs: node.outputs.enumerated().compactMap { position, output in
        guard let output else { return nil }
        let names = node.operation.known?.schema.outputs ?? []
        return port(position < names.count ? names[position].name : "output \(position)", output)
      }, copies: copies)
  }

  private func port(_ slot: String, _ value: Graph.ValueIndex) -> DrawnGraph.Port {
    DrawnGraph.Port(
      slot: slot, name: graph.values[value].name, type: types[value]?.description ?? "unknown")
  }
}
