import ThawONNX
import ThawTensor

/// A file's message while its head's tensors are replaced.
struct HeadChange {
  private let model: Model
  private var file: ModelProto
  private var roles: [String: RoleTable.Entry]
  /// The Identity nodes that a tensor takes the place of.
  private var removedNodes: [Int] = []
  private(set) var copies: [HeadReset.Copy] = []

  init(model: Model, file: ModelProto) {
    self.model = model
    self.file = file
    let entries = model.parameters.map { parameter in
      let signature = RoleTable.Signature(parameter.type.dtype, parameter.type.shape ?? [])
      return (parameter.name, RoleTable.Entry(parameter.role, signature))
    }
    roles = Dictionary(entries) { first, _ in first }
  }

  /// Puts a tensor where the head reads it; one that another node reads too stays, and the new one gets a name.
  mutating func put(_ value: Tensor, at place: Head.Place) throws {
    var name = model.graph.values[place.value].name
    if let other = place.otherReader {
      let copy = unusedName(like: name)
      copies.append(HeadReset.Copy(original: name, name: copy, reader: model.graph.nodes[other].name))
      read(copy, insteadOf: name, at: place.reader)
      name = copy
      try add(value, named: name)
    } else if let origin = model.places.first(where: { $0.value == place.value })?.origin {
      try file.put(value, at: origin, named: name)
      if case .identity(let node, _) = origin { removedNodes.append(node) }
    }
    roles[name] = RoleTable.Entry(.trainable, RoleTable.Signature(value.dtype, value.shape))
    file.retype(
      dropping: [], setting: [name: Dictionary(uniqueKeysWithValues: value.shape.enumerated().map { ($0, $1) })])
  }

  /// The message, with its nodes and roles.
  mutating func finished() -> ModelProto {
    for node in removedNodes.sorted(by: >) { file.graph?.node.remove(at: node) }
    removedNodes = []
    file.setRoles(RoleTable(entries: roles))
    return file
  }

  private mutating func add(_ value: Tensor, named name: String) throws {
    file.graph?.initializer.append(TensorProto(name: name, try value.data()))
    // Up to IR 3 every initializer stands among the inputs too.
    if (file.irVersion ?? 1) < 4 { file.graph?.input.append(ValueInfoProto(name: name, type: value.type.proto)) }
  }

  private func unusedName(like name: String) -> String {
    let taken = Set(model.graph.values.map(\.name) + copies.map(\.name))
    var candidate = "\(name)_head"
    var suffix = 1
    while taken.contains(candidate) {
      suffix += 1
      candidate = "\(name)_head\(suffix)"
    }
    return candidate
  }

  /// Nodes of the graph and of the file are the same by what they make.
  private mutating func read(_ copy: String, insteadOf name: String, at node: Int) {
    guard let made = model.graph.nodes[node].outputs.first ?? nil,
      let index = file.graph?.node.firstIndex(where: { $0.output.contains(model.graph.values[made].name) })
    else { return }
    for position in file.graph?.node[index].input.indices ?? 0..<0
    where file.graph?.node[index].input[position] == name { file.graph?.node[index].input[position] = copy }
  }
}

extension ModelProto {
  /// Drops what the file notes of some values' types, and sets sizes of others' axes where types stand.
  mutating func retype(dropping stale: Set<String>, setting sizes: [String: [Int: Int]]) {
    graph?.valueInfo.removeAll { stale.contains($0.name ?? "") }
    for index in graph?.input.indices ?? 0..<0 { graph?.input[index].set(sizes) }
    for index in graph?.output.indices ?? 0..<0 { graph?.output[index].set(sizes) }
    for index in graph?.valueInfo.indices ?? 0..<0 { graph?.valueInfo[index].set(sizes) }
  }
}

extension ValueInfoProto {
  /// Sets sizes of the type's axes, where it has them.
  fileprivate mutating func set(_ sizes: [String: [Int: Int]]) {
    guard let sizes = sizes[name ?? ""], case .tensor(var tensor)? = type?.value, var shape = tensor.shape else {
      return
    }
    for (axis, size) in sizes where shape.dim.indices.contains(axis) { shape.dim[axis].value = .value(Int64(size)) }
    tensor.shape = shape
    type?.value = .tensor(tensor)
  }
}
