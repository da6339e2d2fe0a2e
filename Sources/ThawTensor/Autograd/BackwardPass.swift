/// One walk from outputs to leaves: nodes in the reverse of their creation, each once, its gradients summed first.
struct BackwardPass {
  private let retainGraph: Bool
  private let createGraph: Bool
  /// Whether leaves accumulate their gradients.
  private let accumulates: Bool
  private var pending: [Node: [Tensor?]] = [:]
  /// Nodes with a pending gradient, the youngest on top.
  private var queue = NodeQueue()
  private var leafGradients: [ObjectIdentifier: Tensor] = [:]
  /// Those with a gradient that still have to accumulate it, in the order in which the walk met them.
  private var metLeaves: [Leaf] = []
  /// Those that had hooks then, and whose hooks have not been called yet, in the same order.
  private var hookedLeaves: [Leaf] = []
  /// The order of creation of the oldest node that a leaf's gradient waits for; nil until a leaf has hooks.
  private var lastUses: [ObjectIdentifier: UInt64]?
  private let scope = PassScope()
  private var targets: [Tensor] = []
  private var captured: [Tensor?] = []
  /// The nodes that lead to a target; nil when all leaves are wanted.
  private var path: Set<Node>?
  private var targetLeaves: Set<ObjectIdentifier> = []

  init(retainGraph: Bool, createGraph: Bool, accumulates: Bool) {
    self.retainGraph = retainGraph
    self.createGraph = createGraph
    self.accumulates = accumulates
  }

  mutating func start(from output: Tensor, gradient: Tensor?, index: Int) throws {
    if let error = output.poison { throw error }
    guard output.requiresGrad else {
      throw TensorError(
        .autograd,
        "element \(index) of tensors does not require grad and does not have a grad_fn: nothing that it was "
          + "computed from requires a gradient")
    }
    guard gradient != nil || output.count == 1 else {
      throw TensorError(
        .autograd,
        "grad can be implicitly created only for scalar outputs; this one has shape \(output.shape): give "
          + "a gradient of that shape, or reduce it to one element first")
    }
    if let error = gradient?.poison { throw error }
    if let gradient, gradient.shape != output.shape {
      throw TensorError(
        .autograd,
        "Mismatch in shape: grad_output[\(index)] has a shape of \(gradient.shape) and output[\(index)] has "
          + "a shape of \(output.shape).")
    }
    if let gradient, gradient.dtype != output.dtype {
      throw TensorError(
        .autograd,
        "Mismatch in dtype: grad_output[\(index)] is \(gradient.dtype) and output[\(index)] is "
          + "\(output.dtype).")
    }
    let seed = try gradient ?? Tensor.full(output.shape, 1, dtype: output.dtype)
    switch output.link {
    case .output(let node, let output): try add(seed, to: node, output)
    case .leaf(let leaf): try add(seed, to: leaf)
    case .own, nil: break
    }
  }

  /// Restricts the walk to what leads to `inputs`, whose gradients `run` then returns.
  mutating func limit(to inputs: [Tensor]) throws {
    targets = inputs
    captured = inputs.map { _ in nil }
    var targetNodes: Set<Node> = []
    for (index, input) in inputs.enumerated() {
      if let error = input.poison { throw error }
      switch input.link {
      case .leaf(let leaf): targetLeaves.insert(ObjectIdentifier(leaf))
      case .output(let node, _): targetNodes.insert(node)
      case .own, nil:
        throw TensorError(
          .autograd, "One of the differentiated Tensors does not require grad (input \(index) of \(inputs.count))")
      }
    }
    path = nodesLeading(to: targetNodes)
  }

  /// The nodes from which a target can be reached, found in the order of creation: inputs before what uses them.
  private func nodesLeading(to targetNodes: Set<Node>) -> Set<Node> {
    var reachable: Set<Node> = Set(pending.keys)
    var unvisited = Array(pending.keys)
    while let node = unvisited.popLast() {
      for case .output(let next, _)? in node.edges where reachable.insert(next).inserted { unvisited.append(next) }
    }
    var leading: Set<Node> = []
    for node in reachable.sorted(by: { $0.sequence < $1.sequence }) {
      let leads =
        targetNodes.contains(node)
        || node.edges.contains { edge in
          switch edge {
          case .output(let next, _): leading.contains(next)
          case .leaf(let leaf): targetLeaves.contains(ObjectIdentifier(leaf))
          case nil: false
          }
        }
      if leads { leading.insert(node) }
    }
    return leading
  }

  /// Walks; gives the gradients of the targets.
  @discardableResult
  mutating func run() throws -> [Tensor?] {
    while let node = queue.popYoungest() {
      guard let summed = pending.removeValue(forKey: node) else { continue }
      try callHooks(ofLeavesCompleteBefore: node)
      let gradients = try mode { try node.afterHooks(summed) }
      try capture(gradients, of: node)
      if let path, !path.contains(node) { continue }
      try propagate(gradients, through: node)
    }
    try callHooks(ofLeavesCompleteBefore: nil)
    if accumulates {
      for leaf in metLeaves where isWanted(leaf) { try accumulate(leaf) }
    }
    for (index, target) in targets.enumerated() {
      if case .leaf(let leaf) = target.link { captured[index] = leafGradients[ObjectIdentifier(leaf)] }
    }
    return captured
  }

  /// Calls the hooks of leaves that no node from `node` on leads to.
  private mutating func callHooks(ofLeavesCompleteBefore node: Node?) throws {
    guard !hookedLeaves.isEmpty else { return }
    if let node, lastUses == nil { lastUses = self.lastUses(from: Array(pending.keys) + [node]) }
    let waiting = hookedLeaves.filter { leaf in
      guard let node, let last = lastUses?[ObjectIdentifier(leaf)] else { return false }
      return last <= node.sequence
    }
    let complete = hookedLeaves.filter { leaf in !waiting.contains { $0 === leaf } }
    hookedLeaves = waiting
    for leaf in complete {
      let key = ObjectIdentifier(leaf)
      guard let gradient = leafGradients[key] else { continue }
      leafGradients[key] = try mode { try leaf.hooks.replace(gradient) }
      guard accumulates, isWanted(leaf), !leaf.postAccumulateHooks.isEmpty else { continue }
      metLeaves.removeAll { $0 === leaf }
      try accumulate(leaf)
      // Only the leaf has it now, and may drop it.
      leafGradients[key] = nil
    }
  }

  /// For each leaf that nodes still to be run lead to, the place of the oldest of them in the order of creation.
  private func lastUses(from nodes: [Node]) -> [ObjectIdentifier: UInt64] {
    var lastUses: [ObjectIdentifier: UInt64] = [:]
    var met = Set(nodes)
    var unvisited = nodes
    while let node = unvisited.popLast() {
      if let path, !path.contains(node) { continue }
      for edge in node.edges {
        switch edge {
        case .output(let next, _): if met.insert(next).inserted { unvisited.append(next) }
        case .leaf(let leaf):
          let key = ObjectIdentifier(leaf)
          lastUses[key] = min(lastUses[key] ?? .max, node.sequence)
        case nil: break
        }
      }
    }
    return lastUses
  }

  private func isWanted(_ leaf: Leaf) -> Bool { path == nil || targetLeaves.contains(ObjectIdentifier(leaf)) }

  private func accumulate(_ leaf: Leaf) throws {
    guard let gradient = leafGradients[ObjectIdentifier(leaf)] else { return }
    try mode { try leaf.accumulateAndCall(createGraph ? gradient : gradient.detach()) }
  }

  /// Keeps the gradients of a node's outputs for those who asked for them.
  private mutating func capture(_ gradients: [Tensor?], of node: Node) throws {
    var named: Set<Int> = []
    for (index, target) in targets.enumerated() {
      guard case .output(node, let output) = target.link else { continue }
      captured[index] = gradients[output]
      named.insert(output)
    }
    let retained = node.retained(and: accumulates ? named : [])
    if !retained.isEmpty { try mode { try node.accumulate(gradients, of: retained) } }
  }

  private mutating func propagate(_ gradients: [Tensor?], through node: Node) throws {
    let edges = node.edges
    let needs = InputMask(edges.map(leadsToTarget))
    guard !needs.isEmpty(below: edges.count) else { return }
    let saved = try node.savedValues(keep: retainGraph, in: scope)
    let results: [Tensor?]
    do {
      results = try mode {
        try withErrors { try node.operation.pullback(gradients, saved: saved, needs: needs) }
      }
    } catch let error as TensorError {
      throw error.at("in the gradient of \(node.operation.schema.name)")
    }
    for (index, edge) in edges.enumerated() where needs[index] && index < results.count {
      guard let result = results[index], let type = node.inputTypes[index] else { continue }
      let gradient = try mode { try node.fit(result, to: type, input: index) }
      if let search = Context.current.anomaly { try node.check(gradient, input: index, for: search) }
      switch edge {
      case .output(let next, let output): try add(gradient, to: next, output)
      case .leaf(let leaf): try add(gradient, to: leaf)
      case nil: break
      }
    }
  }

  private func leadsToTarget(_ edge: Node.Edge?) -> Bool {
    guard let path else { return edge != nil }
    switch edge {
    case .output(let node, _): return path.contains(node)
    case .leaf(let leaf): return targetLeaves.contains(ObjectIdentifier(leaf))
    case nil: return false
    }
  }

  private mutating func add(_ gradient: Tensor, to node: Node, _ output: Int) throws {
    if pending[node] == nil {
      pending[node] = [Tensor?](repeating: nil, count: node.outputTypes.count)
      queue.insert(node)
    }
    let sum = try pending[node]?[output].map { earlier in try mode { try apply(Add(), to: earlier, gradient) } }
    pending[node]?[output] = sum ?? gradient
  }

  private mutating func add(_ gradient: Tensor, to leaf: Leaf) throws {
    let key = ObjectIdentifier(leaf)
    let sum = try leafGradients[key].map { earlier in try mode { try apply(Add(), to: earlier, gradient) } }
    if sum == nil {
      metLeaves.append(leaf)
      if leaf.hasHooks { hookedLeaves.append(leaf) }
    }
    leafGradients[key] = sum ?? gradient
  }

  private func mode<Result>(_ body: () throws -> Result) rethrows -> Result {
    try Context.with({ $0.gradMode = createGraph }, body)
  }
}

extension Node {
  /// A pullback's result in the shape and type of the input it belongs to, broadcast axes summed.
  fileprivate func fit(_ gradient: Tensor, to type: TensorType, input: Int) throws -> Tensor {
    if let error = gradient.poison { throw error }
    guard let shape = inputShapes[input] else { return gradient }
    guard gradient.dtype == type.dtype,
      gradient.shape == shape || Shapes.broadcast(gradient.shape, shape) == gradient.shape
    else {
      guard operation.schema.domain.isBuiltIn else {
        throw TensorError(
          .autograd,
          "Function \(name) returned an invalid gradient at index \(input) - got "
            + "\(gradient.dtype)\(gradient.shape) but expected shape compatible with \(type.dtype)\(shape)")
      }
      throw TensorError(
        .internal,
        "the pullback of \(operation.schema.name) gave input \(input) a gradient of "
          + "\(gradient.dtype)\(gradient.shape), and the input is \(type.dtype)\(shape); this is a bug in Thaw")
    }
    return gradient.shape == shape ? gradient : try gradient.summed(to: shape)
  }
}
