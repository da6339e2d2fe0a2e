import ThawTypes

// How TreeEnsembleRegressor and TreeEnsembleClassifier write trees: leaves are nodes, and a node is known by its tree and
// its number there.
extension Forest {
  /// What the attributes of the leaves' weights begin with.
  enum WeightPrefix: String { case target, `class` }

  private static let modeNames: [(Mode, String)] = [
    (.lessOrEqual, "BRANCH_LEQ"), (.less, "BRANCH_LT"), (.greaterOrEqual, "BRANCH_GTE"), (.greater, "BRANCH_GT"),
    (.equal, "BRANCH_EQ"), (.notEqual, "BRANCH_NEQ"), (.leaf, "LEAF"),
  ]

  private struct Place: Hashable {
    var tree: Int
    var node: Int
  }

  /// Reads the attributes `nodes_*` and those of the weights.
  ///
  /// - Throws: `TensorError` of kind `operand` when the lists do not fit together.
  init(_ node: NodeReader, _ prefix: WeightPrefix, targetCount: Int) throws {
    let name = node.name
    let modes = try node.strings("nodes_modes") ?? []
    let thresholds = try node.numbers("nodes_values")
    let nan = try node.ints("nodes_missing_value_tracks_true") ?? []
    node.ignore("nodes_hitrates", "nodes_hitrates_as_tensor")
    let (trees, ids) = (try node.ints("nodes_treeids") ?? [], try node.ints("nodes_nodeids") ?? [])
    let features = try node.ints("nodes_featureids") ?? []
    let (onTrue, onFalse) = (try node.ints("nodes_truenodeids") ?? [], try node.ints("nodes_falsenodeids") ?? [])
    let lengths = [
      ("nodes_treeids", trees.count), ("nodes_nodeids", ids.count), ("nodes_modes", modes.count),
      ("nodes_featureids", features.count), ("nodes_values", thresholds.count),
      ("nodes_truenodeids", onTrue.count), ("nodes_falsenodeids", onFalse.count),
    ]
    if let error = TensorError.lengths(name, lengths) { throw error }
    if !nan.isEmpty,
      let error = TensorError.lengths(
        name, [("nodes_missing_value_tracks_true", nan.count), ("nodes_modes", modes.count)])
    {
      throw error
    }
    var places: [Place: Int32] = [:]
    for (index, place) in zip(trees, ids).map(Place.init).enumerated() {
      guard places.updateValue(Int32(clamping: index), forKey: place) == nil else {
        throw TensorError(.operand, "\(name): tree \(place.tree) has two nodes \(place.node)")
      }
    }
    func index(_ tree: Int, _ id: Int, _ what: String) throws -> Int32 {
      guard let index = places[Place(tree: tree, node: id)] else {
        throw TensorError(.operand, "\(name): \(what) names node \(id) of tree \(tree), which is not there")
      }
      return index
    }
    let nodes = try modes.indices.map { place -> Node in
      let text = String(decoding: modes[place], as: UTF8.self)
      guard let mode = Self.modeNames.first(where: { $0.1 == text })?.0 else {
        throw TensorError(
          .unsupported,
          "\(name): nodes_modes holds '\(text)', and should hold " + Self.modeNames.map(\.1).joined(separator: ", "))
      }
      guard mode != .leaf else { return Node(.leaf) }
      var result = Node(mode)
      result.feature = Int32(clamping: features[place])
      result.threshold = thresholds[place]
      result.passesNaN = !nan.isEmpty && nan[place] != 0
      result.onTrue = try index(trees[place], onTrue[place], "nodes_truenodeids")
      result.onFalse = try index(trees[place], onFalse[place], "nodes_falsenodeids")
      return result
    }
    var seen: Set<Int> = []
    let roots = trees.indices.filter { seen.insert(trees[$0]).inserted }.map { Int32(clamping: $0) }
    let values = try node.numbers("\(prefix)_weights")
    let (weightTrees, weightNodes) = (
      try node.ints("\(prefix)_treeids") ?? [], try node.ints("\(prefix)_nodeids") ?? []
    )
    let targets = try node.ints("\(prefix)_ids") ?? []
    let weightLengths = [
      ("\(prefix)_treeids", weightTrees.count), ("\(prefix)_nodeids", weightNodes.count),
      ("\(prefix)_ids", targets.count), ("\(prefix)_weights", values.count),
    ]
    if let error = TensorError.lengths(name, weightLengths) { throw error }
    var weights: [Int32: [Weight]] = [:]
    for place in values.indices {
      let leaf = try index(weightTrees[place], weightNodes[place], "\(prefix)_nodeids")
      let weight = Weight(target: Int32(clamping: targets[place]), value: values[place])
      weights[leaf, default: []].append(weight)
    }
    try self.init(nodes: nodes, roots: roots, weights: weights, targetCount: targetCount, in: name)
  }

  /// The attributes that `init(_:_:targetCount:)` reads.
  ///
  /// - Throws: `TensorError` of kind `unsupported` for what this version of ai.onnx.ml cannot say.
  func attributes(_ prefix: WeightPrefix, opset: Int, in name: String) throws -> [String: Attribute] {
    let trees = trees()
    let ids = nodes.indices.map { $0 - trees.starts[trees.ofNode[$0]] }
    let names = try nodes.map { node -> [UInt8] in
      guard let text = Self.modeNames.first(where: { $0.0 == node.mode })?.1 else {
        throw TensorError(.unsupported, "\(name): a node that looks for a member of a set is written by TreeEnsemble")
      }
      return Array(text.utf8)
    }
    let leaves = weights.sorted { $0.key < $1.key }.flatMap { leaf, list in list.map { (Int(leaf), $0) } }
    var attributes: [String: Attribute] = [
      "nodes_treeids": .ints(trees.ofNode), "nodes_nodeids": .ints(ids), "nodes_modes": .strings(names),
      "nodes_featureids": .ints(nodes.map { Int($0.feature) }),
      "nodes_missing_value_tracks_true": .ints(nodes.map { $0.passesNaN ? 1 : 0 }),
      "nodes_truenodeids": .ints(nodes.map { $0.mode == .leaf ? 0 : ids[Int($0.onTrue)] }),
      "nodes_falsenodeids": .ints(nodes.map { $0.mode == .leaf ? 0 : ids[Int($0.onFalse)] }),
      "\(prefix)_treeids": .ints(leaves.map { trees.ofNode[$0.0] }),
      "\(prefix)_nodeids": .ints(leaves.map { ids[$0.0] }), "\(prefix)_ids": .ints(leaves.map { Int($0.1.target) }),
    ]
    attributes.merge(try Self.numbers("nodes_values", nodes.map(\.threshold), opset, name)) { $1 }
    attributes.merge(try Self.numbers("\(prefix)_weights", leaves.map(\.1.value), opset, name)) { $1 }
    return attributes
  }

  /// Numbers as floats, or as a tensor where floats cannot hold them.
  static func numbers(
    _ attribute: String, _ values: [Double], _ opset: Int, _ name: String
  ) throws -> [String: Attribute] {
    if values.fitFloats { return [attribute: .floats(values.map { Float($0) })] }
    guard opset >= 3 else {
      throw TensorError(.unsupported, "\(name): version \(opset) of ai.onnx.ml has no float64 for \(attribute)")
    }
    return ["\(attribute)_as_tensor": .tensor(try Tensor(copying: values, shape: nil))]
  }

  /// The tree of each node, and the node at which each tree begins; nodes of one tree are neighbours.
  private func trees() -> (ofNode: [Int], starts: [Int]) {
    let starts = roots.map(Int.init).sorted()
    var tree = 0
    let ofNode = nodes.indices.map { node -> Int in
      while tree + 1 < starts.count, starts[tree + 1] <= node { tree += 1 }
      return tree
    }
    return (ofNode, starts)
  }

  /// Whether floats can hold all thresholds and weights.
  var fitsFloats: Bool {
    nodes.map(\.threshold).fitFloats && weights.values.allSatisfy { $0.map(\.value).fitFloats }
  }
}

extension [Double] {
  /// Whether each is a float's number.
  var fitFloats: Bool { allSatisfy { $0.isNaN || Double(Float($0)) == $0 } }
}

extension NodeReader {
  /// Numbers in an attribute of floats, or from version 3 on in a tensor, `NAME_as_tensor`.
  func numbers(_ name: String) throws -> [Double] {
    if version >= 3, let tensor = try tensor("\(name)_as_tensor") {
      guard try floats(name)?.isEmpty ?? true else {
        throw TensorError(.operand, "\(self.name): the attributes \(name) and \(name)_as_tensor both hold numbers")
      }
      return try tensor.elements()
    }
    return try floats(name).map { $0.map(Double.init) } ?? []
  }
}
