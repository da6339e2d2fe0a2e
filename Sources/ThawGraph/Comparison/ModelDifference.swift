import ThawONNX
import ThawTensor
import ThawTypes

/// What differs between two models, for people (`thaw diff`) and as JSON.
///
/// Nodes and tensors are matched by meaning: by operators, attributes and connections, across opsets and calls of
/// functions. Names inside and the order of the file are no difference.
public struct ModelDifference: Codable, Hashable, Sendable {
  /// Something that has one value in the first model and another, or none, in the second.
  public struct Change: Codable, Hashable, Sendable {
    public let name: String
    /// nil where the first model has no such thing.
    public let from: String?
    /// nil where the second model has none.
    public let to: String?
  }

  /// A tensor whose numbers, type or shape differ.
  public struct Tensor: Codable, Hashable, Sendable {
    public let name: String
    /// Its name in the second model.
    public let nameInSecond: String
    public let type: String
    public let typeInSecond: String
    /// How many elements there are, and how many differ; nil where the shapes do, or there are no plain numbers.
    public let count: Int?
    public let changed: Int?
    /// The largest difference; this and the next two nil where no finite number says it.
    public let maximum: Double?
    /// The square root of the sum of the squared differences.
    public let l2: Double?
    /// That, over the same of the first model's numbers.
    public let relative: Double?
  }

  /// Versions, producer and documentation of the file.
  public let file: [Change]
  public let opsets: [Change]
  public let metadata: [Change]
  public let inputs: [Change]
  public let outputs: [Change]
  /// Nodes that only one of the models has.
  public let nodes: [Change]
  /// Nodes that both have, whose attributes or inputs differ.
  public let changedNodes: [Change]
  /// Tensors that only one of the models has.
  public let tensors: [Change]
  public let changedTensors: [Tensor]
  public let roles: [Change]
  /// Tensors that are the same but in name; no difference.
  public let renamedTensors: [Change]
  /// How many tensors of the models are the same tensor.
  public let matchedTensors: Int
  /// How many nodes of the models are the same node.
  public let matchedNodes: Int

  /// Whether anything but names inside differs.
  public var isDifferent: Bool {
    !(changedTensors.isEmpty
      && [file, opsets, metadata, inputs, outputs, nodes, changedNodes, tensors, roles].allSatisfy(\.isEmpty))
  }

  /// Compares two models, the numbers of their tensors on all cores and where they are in the files.
  ///
  /// - Throws: `ModelError` for a tensor that contradicts itself.
  public init(_ first: Model, _ second: Model) throws {
    let (p, q) = (first.proto, second.proto)
    let header: [(String, String?, String?)] = [
      ("ir_version", p.irVersion.map(String.init), q.irVersion.map(String.init)),
      ("producer_name", p.producerName, q.producerName), ("producer_version", p.producerVersion, q.producerVersion),
      ("domain", p.domain, q.domain), ("doc_string", p.docString, q.docString),
      ("model_version", p.modelVersion.map(String.init), q.modelVersion.map(String.init)),
    ]
    file = header.compactMap { $1 ?? "" == $2 ?? "" ? nil : Change(name: $0, from: $1, to: $2) }
    opsets = Self.changes(Self.opsets(p), Self.opsets(q))
    metadata = Self.changes(Self.metadata(p), Self.metadata(q))
    inputs = Self.changes(Self.ports(first.inputs), Self.ports(second.inputs))
    outputs = Self.changes(Self.ports(first.outputs), Self.ports(second.outputs))

    let matching = GraphMatching(first, second)
    matchedNodes = matching.pairs.count
    nodes =
      matching.removedNodes.map {
        Change(name: first.graph.nodes[$0].label, from: first.graph.nodes[$0].opType, to: nil)
      }
      + matching.addedNodes.map {
        Change(name: second.graph.nodes[$0].label, from: nil, to: second.graph.nodes[$0].opType)
      }
    changedNodes = matching.pairs.compactMap { matching.change(of: $0.a, $0.b) }

    let pairing = TensorPairing(matching)
    tensors =
      pairing.onlyA.map { Change(name: matching.a.values[$0].name, from: matching.a.typeText(of: $0), to: nil) }
      + pairing.onlyB.map { Change(name: matching.b.values[$0].name, from: nil, to: matching.b.typeText(of: $0)) }
    matchedTensors = pairing.pairs.count
    (changedTensors, renamedTensors) = try Self.tensors(pairing, matching)
    roles = pairing.pairs.compactMap { x, y in
      guard case .parameter(let mine)? = matching.a.initials[x], case .parameter(let theirs)? = matching.b.initials[y],
        mine.role != theirs.role
      else { return nil }
      return Change(name: mine.name, from: mine.role.rawValue, to: theirs.role.rawValue)
    }
  }

  private static func tensors(
    _ pairing: TensorPairing, _ matching: GraphMatching
  ) throws -> (changed: [Tensor], renamed: [Change]) {
    var comparable: [(TensorData, TensorData)] = []
    var places: [Int: Int] = [:]
    for (index, (x, y)) in pairing.pairs.enumerated() {
      let (a, b) = (try matching.a.data(of: x), try matching.b.data(of: y))
      guard let a, let b, a.dims == b.dims else { continue }
      places[index] = comparable.count
      comparable.append((a, b))
    }
    let differences = TensorDifference.compare(comparable)
    var changed: [Tensor] = []
    var renamed: [Change] = []
    for (index, (x, y)) in pairing.pairs.enumerated() {
      let (name, other) = (matching.a.values[x].name, matching.b.values[y].name)
      let (type, otherType) = (matching.a.typeText(of: x), matching.b.typeText(of: y))
      let difference = places[index].flatMap { differences[$0] }
      if difference == nil, type == otherType {
        let isMadeUp = !matching.a.isNamedTensor(x) || !matching.b.isNamedTensor(y)
        if name != other, !isMadeUp { renamed.append(Change(name: name, from: name, to: other)) }
        continue
      }
      let isSame = difference == nil && places[index] != nil
      func finite(_ number: Double?) -> Double? { number.flatMap { $0.isFinite ? $0 : nil } }
      changed.append(
        Tensor(
          name: name, nameInSecond: other, type: type, typeInSecond: otherType,
          count: places[index].map { comparable[$0].0.count }, changed: isSame ? 0 : difference?.changed,
          maximum: isSame ? 0 : finite(difference?.maximum), l2: isSame ? 0 : finite(difference?.l2),
          relative: isSame ? 0 : finite(difference?.relative)))
    }
    return (changed, renamed)
  }

  private static func opsets(_ proto: ModelProto) -> [(String, String)] {
    proto.opsetImport.map { ($0.isOfONNX ? "ai.onnx" : $0.domain ?? "", "\($0.version ?? 0)") }
  }

  /// Free entries; the roles are compared tensor by tensor.
  private static func metadata(_ proto: ModelProto) -> [(String, String)] {
    var proto = proto
    proto.setRoles(nil)
    return proto.metadataProps.map { ($0.key ?? "", $0.value ?? "") }
  }

  private static func ports(_ ports: [(name: String, type: ValueType?)]) -> [(String, String)] {
    ports.map { ($0.name, $0.type?.description ?? "unknown") }
  }

  /// What is in one list and not in the other, or has another value there.
  private static func changes(_ first: [(String, String)], _ second: [(String, String)]) -> [Change] {
    let from = Dictionary(first) { first, _ in first }
    let to = Dictionary(second) { first, _ in first }
    let names = first.map(\.0) + second.map(\.0).filter { from[$0] == nil }
    return names.compactMap { from[$0] == to[$0] ? nil : Change(name: $0, from: from[$0], to: to[$0]) }
  }
}

extension GraphMatching {
  /// What differs between two nodes that are partners; nil where nothing does.
  func change(of x: Int, _ y: Int) -> ModelDifference.Change? {
    let (node, other) = (a.nodes[x], b.nodes[y])
    var from: [String] = []
    var to: [String] = []
    if marksA.signatures[x] != marksB.signatures[y] {
      let (mine, theirs) = (node.attributeTexts, other.attributeTexts)
      from += mine.filter { !theirs.contains($0) }
      to += theirs.filter { !mine.contains($0) }
      if from.isEmpty, to.isEmpty { (from, to) = ([node.opType], ["\(other.opType) of other attributes or graphs"]) }
    }
    for place in 0..<max(node.inputs.count, other.inputs.count) {
      let mine = place < node.inputs.count ? node.inputs[place] : nil
      let theirs = place < other.inputs.count ? other.inputs[place] : nil
      guard !areSame(mine, theirs) else { continue }
      from.append("input \(place): \(mine.map { a.values[$0].name } ?? "none")")
      to.append("input \(place): \(theirs.map { b.values[$0].name } ?? "none")")
    }
    guard !from.isEmpty || !to.isEmpty else { return nil }
    return ModelDifference.Change(
      name: node.label, from: from.joined(separator: ", "), to: to.joined(separator: ", "))
  }
}

extension Graph.Node {
  /// The node's operator and name.
  var label: String { isNamed ? "\(opType) \(name)" : name }

  fileprivate var attributeTexts: [String] {
    guard let operation = operation.known else { return [] }
    let versions = [Operators.newestOpset, operation.minimumOpset]
    let attributes = versions.lazy.compactMap { try? operation.attributes(opset: $0) }.first ?? [:]
    return attributes.compactMap { name, value in
      if case .graph = value { return nil }
      return "\(name): \(value.shortText)"
    }.sorted()
  }
}

extension Attribute {
  fileprivate var shortText: String {
    switch self {
    case .int(let value): "\(value)"
    case .float(let value): "\(value)"
    case .string(let bytes): String(decoding: bytes, as: UTF8.self)
    case .ints(let values): "\(values)"
    case .floats(let values): "\(values)"
    default: kind
    }
  }
}
