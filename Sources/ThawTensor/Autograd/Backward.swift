extension Tensor {
  /// Computes the gradients of this tensor with respect to the leaves it depends on, and adds them to their `grad`.
  ///
  /// - Parameters:
  ///   - gradient: the gradient of the final result with respect to this tensor, of its shape; may be left out when
  ///     this tensor has one element, and is 1 then.
  ///   - retainGraph: whether what the operations saved is kept for another pass; `createGraph` when left out.
  ///   - createGraph: whether the computation of the gradients is itself recorded, for gradients of gradients.
  ///   - inputs: the tensors to accumulate into; all leaves when left out.
  /// - Throws: `TensorError` of kind `autograd` when a rule is broken, or the error of the operation that failed.
  public func backward(
    gradient: Tensor? = nil, retainGraph: Bool? = nil, createGraph: Bool = false, inputs: [Tensor]? = nil
  ) throws {
    var pass = BackwardPass(retainGraph: retainGraph ?? createGraph, createGraph: createGraph)
    try pass.start(from: self, gradient: gradient, index: 0)
    if let inputs {
      try pass.limit(to: inputs)
      for (input, gradient) in zip(inputs, try pass.run()) {
        guard case .leaf(let leaf) = input.link, let gradient else { continue }
        try pass.accumulate(gradient, into: leaf)
      }
    } else {
      try pass.run()
    }
  }
}

/// The gradients of `outputs` with respect to `inputs`, returned and not accumulated anywhere.
///
/// - Parameters:
///   - gradients: one per output, of its shape; may be left out for outputs of one element.
///   - retainGraph: whether what the operations saved is kept for another pass; `createGraph` when left out.
///   - createGraph: whether the computation of the gradients is itself recorded, for gradients of gradients.
///   - allowUnused: whether an input that no output depends on gives nil instead of an error.
/// - Throws: `TensorError` of kind `autograd` when a rule is broken, or the error of the operation that failed.
public func grad(
  of outputs: [Tensor], withRespectTo inputs: [Tensor], gradients: [Tensor?] = [], retainGraph: Bool? = nil,
  createGraph: Bool = false, allowUnused: Bool = false
) throws -> [Tensor?] {
  var pass = BackwardPass(retainGraph: retainGraph ?? createGraph, createGraph: createGraph)
  for (index, output) in outputs.enumerated() {
    try pass.start(from: output, gradient: index < gradients.count ? gradients[index] : nil, index: index)
  }
  try pass.limit(to: inputs)
  let result = try pass.run()
  if !allowUnused, let unused = result.firstIndex(where: { $0 == nil }) {
    throw TensorError(
      .autograd,
      "One of the differentiated Tensors appears to not have been used in the graph (input \(unused) of "
        + "\(inputs.count)); set allowUnused: true if nil is wanted for it")
  }
  return result
}

/// See `grad(of:withRespectTo:gradients:retainGraph:createGraph:allowUnused:)`.
public func grad(of output: Tensor, withRespectTo input: Tensor, createGraph: Bool = false) throws -> Tensor {
  guard let gradient = try grad(of: [output], withRespectTo: [input], createGraph: createGraph)[0] else {
    throw TensorError(.internal, "an input without a gradient passed for a used one")
  }
  return gradient
}

/// One walk from outputs to leaves: nodes in the reverse of their creation, each once, its gradients summed first.
struct BackwardPass {
  private let retainGraph: Bool
  private let createGraph: Bool
  private var pending: [Node: [Tensor?]] = [:]
  /// Nodes with a pending gradient, the youngest on top.
  private var queue = NodeQueue()
  private var leafGradients: [ObjectIdentifier: Tensor] = [:]
  /// Those with a gradient, in the order in which the walk met them, which is the order of their hooks.
  private var metLeaves: [Leaf] = []
  private var targets: [Tensor] = []
  private var captured: [Tensor?] = []
  /// The nodes that lead to a target; nil when all leaves are wanted.
  private var path: Set<Node>?
  private var targetLeaves: Set<ObjectIdentifier> = []

  init(retainGraph: Bool, createGraph: Bool) {
    self.retainGraph = retainGraph
    self.createGraph = createGraph
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

  @discardableResult
  mutating func run() throws -> [Tensor?] {
    while let node = queue.popYoungest() {
      guard let summed = pending.removeValue(forKey: node) else { continue }
      let gradients = try mode { try node.afterHooks(summed) }
      capture(gradients, of: node)
      node.keepRetained(gradients)
      if let path, !path.contains(node) { continue }
      try propagate(gradients, through: node)
    }
    for leaf in metLeaves {
      let key = ObjectIdentifier(leaf)
      if let gradient = leafGradients[key] { leafGradients[key] = try mode { try leaf.hooks.replace(gradient) } }
    }
    if path == nil {
      for leaf in metLeaves {
        if let gradient = leafGradients[ObjectIdentifier(leaf)] { try accumulate(gradient, into: leaf) }
      }
    } else {
      for (index, target) in targets.enumerated() {
        if case .leaf(let leaf) = target.link { captured[index] = leafGradients[ObjectIdentifier(leaf)] }
      }
    }
    return captured
  }

  func accumulate(_ gradient: Tensor, into leaf: Leaf) throws {
    try mode { try leaf.accumulate(createGraph ? gradient : gradient.detach()) }
  }

  private mutating func capture(_ gradients: [Tensor?], of node: Node) {
    for (index, target) in targets.enumerated() {
      if case .output(node, let output) = target.link { captured[index] = gradients[output] }
    }
  }

  private mutating func propagate(_ gradients: [Tensor?], through node: Node) throws {
    let edges = node.edges
    let needs = InputMask(edges.map(leadsToTarget))
    guard !needs.isEmpty(below: edges.count) else { return }
    let saved = try node.savedValues(keep: retainGraph)
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
    if sum == nil { metLeaves.append(leaf) }
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
      throw TensorError(
        .internal,
        "the pullback of \(operation.schema.name) gave input \(input) a gradient of "
          + "\(gradient.dtype)\(gradient.shape), and the input is \(type.dtype)\(shape); this is a bug in Thaw")
    }
    return gradient.shape == shape ? gradient : try gradient.summed(to: shape)
  }
}

/// Nodes in a heap by their order of creation.
private struct NodeQueue {
  private var heap: [Node] = []

  mutating func insert(_ node: Node) {
    heap.append(node)
    var child = heap.count - 1
    while child > 0, heap[(child - 1) / 2].sequence < heap[child].sequence {
      heap.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  mutating func popYoungest() -> Node? {
    guard let top = heap.first else { return nil }
    let last = heap.removeLast()
    guard !heap.isEmpty else { return top }
    heap[0] = last
    var parent = 0
    while true {
      let left = 2 * parent + 1
      guard left < heap.count else { return top }
      let right = left + 1
      let child = right < heap.count && heap[right].sequence > heap[left].sequence ? right : left
      guard heap[child].sequence > heap[parent].sequence else { return top }
      heap.swapAt(child, parent)
      parent = child
    }
  }
}
