import ThawTypes

// How TreeEnsemble writes trees: leaves have a list of their own. Here they are nodes after all others.
extension Forest {
  private static let numberedModes: [Mode] = [
    .lessOrEqual, .less, .greaterOrEqual, .greater, .equal, .notEqual, .member,
  ]

  /// - Throws: `TensorError` of kind `operand` when the lists do not fit together.
  init(separateLeaves node: NodeReader) throws {
    let name = node.name
    func required<T>(_ attribute: String, _ value: T?) throws -> T { try node.required(attribute, value) }
    let modes = try required("nodes_modes", try node.tensor("nodes_modes")).integers()
    let splits: [Double] = try required("nodes_splits", try node.tensor("nodes_splits")).elements()
    let features = try required("nodes_featureids", try node.ints("nodes_featureids"))
    let onTrue = try required("nodes_truenodeids", try node.ints("nodes_truenodeids"))
    let onFalse = try required("nodes_falsenodeids", try node.ints("nodes_falsenodeids"))
    let trueLeaves = try required("nodes_trueleafs", try node.ints("nodes_trueleafs"))
    let falseLeaves = try required("nodes_falseleafs", try node.ints("nodes_falseleafs"))
    let nan = try node.ints("nodes_missing_value_tracks_true") ?? []
    let targets = try required("leaf_targetids", try node.ints("leaf_targetids"))
    let values: [Double] = try required("leaf_weights", try node.tensor("leaf_weights")).elements()
    let roots = try required("tree_roots", try node.ints("tree_roots"))
    let sets = try node.tensor("membership_values")?.elements(as: Double.self) ?? []
    let targetCount = try node.int("n_targets", default: 1)
    node.ignore("nodes_hitrates")
    let lengths = [
      ("nodes_modes", modes.count), ("nodes_splits", splits.count), ("nodes_featureids", features.count),
      ("nodes_truenodeids", onTrue.count), ("nodes_falsenodeids", onFalse.count),
      ("nodes_trueleafs", trueLeaves.count), ("nodes_falseleafs", falseLeaves.count),
    ]
    if let error = TensorError.lengths(name, lengths)
      ?? TensorError.lengths(name, [("leaf_targetids", targets.count), ("leaf_weights", values.count)])
    {
      throw error
    }
    if !nan.isEmpty,
      let error = TensorError.lengths(
        name, [("nodes_missing_value_tracks_true", nan.count), ("nodes_modes", modes.count)])
    {
      throw error
    }
    func index(_ place: Int, isLeaf: Bool) -> Int32 {
      guard place >= 0, place < (isLeaf ? values.count : modes.count) else { return -1 }
      return Int32(clamping: isLeaf ? modes.count + place : place)
    }
    let branches = try modes.indices.map { place -> Node in
      guard Self.numberedModes.indices.contains(modes[place]) else {
        throw TensorError(.unsupported, "\(name): nodes_modes holds \(modes[place]), and should hold 0 to 6")
      }
      var result = Node(Self.numberedModes[modes[place]])
      result.feature = Int32(clamping: features[place])
      result.threshold = result.mode == .member ? 0 : splits[place]
      result.passesNaN = !nan.isEmpty && nan[place] != 0
      result.onTrue = index(onTrue[place], isLeaf: trueLeaves[place] != 0)
      result.onFalse = index(onFalse[place], isLeaf: falseLeaves[place] != 0)
      return result
    }
    let leaves = targets.indices.map {
      (Int32(clamping: modes.count + $0), [Weight(target: Int32(clamping: targets[$0]), value: values[$0])])
    }
    try self.init(
      nodes: branches + targets.map { _ in Node(.leaf) }, roots: roots.map { index($0, isLeaf: false) },
      weights: Dictionary(leaves) { $1 }, members: try Self.members(of: branches, sets, in: name),
      targetCount: targetCount, in: name)
  }

  /// The sets of the nodes that want one, in order, each ended by NaN.
  private static func members(of nodes: [Node], _ values: [Double], in name: String) throws -> [Int32: Set<Double>] {
    let places = nodes.indices.filter { nodes[$0].mode == .member }
    var sets = values.split(omittingEmptySubsequences: false, whereSeparator: \.isNaN).map { Set($0) }
    // What follows the last NaN.
    if sets.last?.isEmpty ?? false { sets.removeLast() }
    guard sets.count == places.count else {
      throw TensorError(
        .operand, "\(name): membership_values holds \(sets.count) sets, for \(places.count) nodes that look in one")
    }
    return Dictionary(zip(places.map { Int32(clamping: $0) }, sets)) { $1 }
  }

  /// The attributes that `init(separateLeaves:)` reads.
  func attributesWithSeparateLeaves() throws -> [String: Attribute] {
    let branches = nodes.indices.filter { nodes[$0].mode != .leaf }
    let leaves = nodes.indices.filter { nodes[$0].mode == .leaf }
    let places = Dictionary(
      zip(branches, 0...).map { ($0, $1) } + zip(leaves, 0...).map { ($0, $1) }, uniquingKeysWith: { $1 })
    let weights = try leaves.map { leaf -> Weight in
      guard let list = self.weights[Int32(leaf)], list.count == 1 else {
        throw TensorError(.unsupported, "TreeEnsemble: a leaf has weights for other than one target")
      }
      return list[0]
    }
    guard roots.allSatisfy({ nodes[Int($0)].mode != .leaf }) else {
      throw TensorError(.unsupported, "TreeEnsemble: a tree that is a leaf has no form of its own")
    }
    func next(_ keyPath: KeyPath<Node, Int32>) -> (Attribute, Attribute) {
      let nodes = branches.map { Int(self.nodes[$0][keyPath: keyPath]) }
      return (
        .ints(nodes.map { places[$0] ?? 0 }), .ints(nodes.map { self.nodes[$0].mode == .leaf ? 1 : 0 })
      )
    }
    let (onTrue, onFalse) = (next(\.onTrue), next(\.onFalse))
    let isSingle = fitsFloats && members.values.allSatisfy { Array($0).fitFloats }
    func numbers(_ values: [Double]) throws -> Tensor {
      isSingle ? try Tensor(copying: values.map { Float($0) }, shape: nil) : try Tensor(copying: values, shape: nil)
    }
    let modes = branches.map { UInt8(Self.numberedModes.firstIndex(of: nodes[$0].mode) ?? 0) }
    var attributes: [String: Attribute] = [
      "n_targets": .int(targetCount), "tree_roots": .ints(roots.map { places[Int($0)] ?? 0 }),
      "nodes_modes": .tensor(try Tensor(copying: modes, shape: nil)),
      "nodes_splits": .tensor(try numbers(branches.map { nodes[$0].threshold })),
      "nodes_featureids": .ints(branches.map { Int(nodes[$0].feature) }),
      "nodes_missing_value_tracks_true": .ints(branches.map { nodes[$0].passesNaN ? 1 : 0 }),
      "nodes_truenodeids": onTrue.0, "nodes_trueleafs": onTrue.1, "nodes_falsenodeids": onFalse.0,
      "nodes_falseleafs": onFalse.1, "leaf_targetids": .ints(weights.map { Int($0.target) }),
      "leaf_weights": .tensor(try numbers(weights.map(\.value))),
    ]
    let sets = branches.compactMap { members[Int32($0)] }
    if !sets.isEmpty {
      attributes["membership_values"] = .tensor(try numbers(sets.flatMap { $0.sorted() + [.nan] }))
    }
    return attributes
  }
}
