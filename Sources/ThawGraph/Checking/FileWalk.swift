import ThawONNX

/// Every graph, node and tensor of a model file, with its place.
struct FileWalk {
  /// A graph, or the body of a function.
  struct Block {
    let place: Finding.Place
    let nodes: [NodeProto]
    /// nil for a function.
    let graph: GraphProto?
    /// What it gives.
    let outputs: [String]
    /// The number of each node in `nodes` of the walk.
    fileprivate(set) var nodeSites: [Int] = []
  }

  struct Node {
    let place: Finding.Place
    let proto: NodeProto
    /// The domains that the node may name, and their versions.
    let imports: [OperatorSetIdProto]
    /// What a loaded graph puts before the names of values that the node sees, the innermost graph's first.
    let scopes: [String]
  }

  struct Tensor {
    let place: Finding.Place
    let proto: TensorProto
    /// What the tensor is called in a loaded graph, for an initializer or a Constant's value.
    let name: String?
  }

  private(set) var blocks: [Block] = []
  private(set) var nodes: [Node] = []
  private(set) var tensors: [Tensor] = []
  private var placesByPath: [String: Finding.Place] = [:]
  /// Nodes by the names that messages about a loaded graph call them.
  private var nodesByName: [String: Int] = [:]

  init(_ model: ModelProto) {
    if let graph = model.graph { walk(graph, "graph", names: [""], model.opsetImport) }
    for (index, function) in model.functions.enumerated() {
      let path = "functions[\(index)]"
      let place = Finding.Place(path: path, graph: path)
      placesByPath[path] = place
      walk(
        function.node, Block(place: place, nodes: function.node, graph: nil, outputs: function.output), names: nil,
        function.opsetImport)
      for (position, attribute) in function.attributeProto.enumerated() {
        walk(attribute, "\(path).attribute_proto[\(position)]", in: place, names: nil, function.opsetImport)
      }
    }
    for (index, info) in model.trainingInfo.enumerated() {
      let graphs = [("initialization", info.initialization), ("algorithm", info.algorithm)]
      for (field, graph) in graphs {
        if let graph { walk(graph, "training_info[\(index)].\(field)", names: nil, model.opsetImport) }
      }
    }
  }

  // Looking up.

  /// The place of a way in the file, with what is known of the innermost thing on it.
  func place(_ path: String) -> Finding.Place {
    var known = path[...]
    while true {
      if var place = placesByPath[String(known)] {
        place.path = path
        return place
      }
      guard let dot = known.lastIndex(of: ".") else { return Finding.Place(path: path) }
      known = known[..<dot]
    }
  }

  /// The tensor at a way in the file, or the one whose part it is.
  func tensor(_ path: String) -> TensorProto? { tensors.first { $0.place.path == path }?.proto }

  /// The number of the node that a message about a loaded graph names.
  func node(named name: String) -> Int? {
    if let index = nodesByName[name] { return index }
    // What stands in a function is named after the call.
    return name.firstRange(of: " / function ").flatMap { nodesByName[String(name[..<$0.lowerBound])] }
  }

  /// The place of the node that a message about a loaded graph names.
  func placeOfNode(named name: String) -> Finding.Place {
    node(named: name).map { nodes[$0].place } ?? Finding.Place(path: "graph", graph: "graph", node: name)
  }

  // Walking.

  /// - Parameter names: what the loaded graph, then each graph around it, puts before its names; never empty, and nil where
  ///   it is not loaded as such.
  private mutating func walk(_ graph: GraphProto, _ path: String, names: [String]?, _ imports: [OperatorSetIdProto]) {
    let place = Finding.Place(path: path, graph: path)
    placesByPath[path] = place
    let ports = [("input", graph.input), ("output", graph.output), ("value_info", graph.valueInfo)]
    for (field, list) in ports {
      for (index, value) in list.enumerated() {
        let path = "\(path).\(field)[\(index)]"
        placesByPath[path] = Finding.Place(path: path, graph: place.graph, value: value.name)
      }
    }
    for (index, tensor) in graph.initializer.enumerated() {
      add(tensor, "\(path).initializer[\(index)]", in: place, named: names.map { $0[0] + (tensor.name ?? "") })
    }
    for (index, sparse) in graph.sparseInitializer.enumerated() {
      add(
        sparse, "\(path).sparse_initializer[\(index)]", in: place,
        named: names.map { $0[0] + (sparse.values?.name ?? "") })
    }
    let outputs = graph.output.map { $0.name ?? "" }
    walk(graph.node, Block(place: place, nodes: graph.node, graph: graph, outputs: outputs), names: names, imports)
  }

  private mutating func walk(
    _ list: [NodeProto], _ block: Block, names: [String]?, _ imports: [OperatorSetIdProto]
  ) {
    var block = block
    let counts = Dictionary(list.map { ($0.name ?? "", 1) }, uniquingKeysWith: +)
    for (index, node) in list.enumerated() {
      let path = "\(block.place.path).node[\(index)]"
      let name = node.name.flatMap { $0.isEmpty ? nil : $0 }
      let place = Finding.Place(
        path: path, graph: block.place.graph, nodeIndex: index, node: name, operation: node.opType)
      placesByPath[path] = place
      let site = nodes.count
      block.nodeSites.append(site)
      nodes.append(Node(place: place, proto: node, imports: imports, scopes: names ?? []))
      if let names {
        let called = names[0] + (name ?? "#\(index) \(node.opType ?? "")")
        if nodesByName[called] == nil { nodesByName[called] = site }
      }
      let step = name.flatMap { counts[$0] == 1 ? $0 : nil } ?? "\(index)"
      for (position, attribute) in node.attribute.enumerated() {
        walk(
          attribute, "\(path).attribute[\(position)]", in: place,
          names: names.map { ["\($0[0])\(step)/\(attribute.name ?? "")/"] + $0 }, imports,
          constant: names.flatMap { outer in node.opType == "Constant" ? node.output.first.map { outer[0] + $0 } : nil }
        )
      }
    }
    blocks.append(block)
  }

  private mutating func walk(
    _ attribute: AttributeProto, _ path: String, in place: Finding.Place, names: [String]?,
    _ imports: [OperatorSetIdProto], constant: String? = nil
  ) {
    if let tensor = attribute.t { add(tensor, "\(path).t", in: place, named: constant) }
    for (index, tensor) in attribute.tensors.enumerated() { add(tensor, "\(path).tensors[\(index)]", in: place) }
    if let sparse = attribute.sparseTensor { add(sparse, "\(path).sparse_tensor", in: place) }
    for (index, sparse) in attribute.sparseTensors.enumerated() {
      add(sparse, "\(path).sparse_tensors[\(index)]", in: place)
    }
    if let graph = attribute.g { walk(graph, "\(path).g", names: names, imports) }
    for (index, graph) in attribute.graphs.enumerated() {
      walk(graph, "\(path).graphs[\(index)]", names: nil, imports)
    }
  }

  private mutating func add(_ tensor: TensorProto, _ path: String, in outer: Finding.Place, named name: String? = nil) {
    var place = outer
    place.path = path
    place.tensor = tensor.name.flatMap { $0.isEmpty ? nil : $0 }
    placesByPath[path] = place
    tensors.append(Tensor(place: place, proto: tensor, name: name))
  }

  private mutating func add(
    _ tensor: SparseTensorProto, _ path: String, in outer: Finding.Place, named name: String? = nil
  ) {
    if let values = tensor.values { add(values, "\(path).values", in: outer, named: name) }
    if let indices = tensor.indices { add(indices, "\(path).indices", in: outer) }
  }
}
