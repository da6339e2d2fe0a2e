import Synchronization

/// An operation in the graph of automatic differentiation: what it needs to turn the gradients of its outputs into
/// those of its inputs, and which nodes those belong to.
public final class Node: Sendable {
  /// Where an input's gradient goes: the node that made the input, or a leaf.
  package enum Edge: Sendable {
    case output(Node, Int)
    case leaf(Leaf)
  }

  /// What a node holds until it is used or released.
  private struct Held {
    /// nil after a backward pass has used and freed it.
    var saved: SavedValues?
    /// One per input; nil where no gradient is needed.
    var edges: [Edge?]
    /// The outputs whose gradients every pass accumulates here, and what has accumulated.
    var retaining: Set<Int> = []
    var grads: [Int: Tensor] = [:]
    var hooks: [Int: GradientHooks] = [:]
  }

  /// The operation's name as PyTorch would print it, such as `MulBackward0`.
  public let name: String
  package let operation: any Primitive
  package let needs: InputMask
  /// The order of creation; inputs come before what is computed from them.
  package let sequence: UInt64
  /// Those of inputs without a gradient too.
  package let inputTypes: [TensorType?]
  package let inputShapes: [[Int]?]
  package let outputTypes: [TensorType?]
  private let held: Mutex<Held>

  private static let nextSequence = Atomic<UInt64>(0)

  private init(
    _ operation: any Primitive, needs: InputMask, inputs: [Tensor?], outputTypes: [TensorType?],
    saved: SavedValues, edges: [Edge?]
  ) {
    self.operation = operation
    self.needs = needs
    inputTypes = inputs.map { $0?.type }
    inputShapes = inputs.map { $0?.shape }
    self.outputTypes = outputTypes
    name = operation.schema.autogradName + "Backward0"
    sequence = Self.nextSequence.wrappingAdd(1, ordering: .relaxed).newValue
    held = Mutex(Held(saved: saved, edges: edges))
  }

  /// Makes the node of an operation just computed, and gives its outputs their place in the graph.
  ///
  /// - Throws: `TensorError` of kind `autograd` when it would have to save an inference tensor; the error of a hook.
  static func record(
    _ operation: some Primitive, inputs: [Value?], outputs: [Value?], needs: InputMask, wanted: OutputMask,
    in context: Context
  ) throws -> [Value?] {
    let schema = operation.schema
    let own = outputs.enumerated().map { index, output -> Value? in
      guard case .tensor(let tensor)? = output else { return output }
      return .tensor(tensor.linked(to: carriesGradient(tensor, at: index, operation) ? .own(index) : nil))
    }
    let saved = try SavedValues(
      operation.saved(inputs, own, needs: needs), of: schema.name, hooks: context.savedTensorHooks)
    let node = Node(
      operation, needs: needs,
      inputs: inputs.map { $0?.tensor },
      outputTypes: own.map { $0?.tensor?.requiresGrad == true ? $0?.tensor?.type : nil },
      saved: saved,
      edges: inputs.enumerated().map { index, input in
        switch needs[index] ? input?.tensor?.link : nil {
        case .leaf(let leaf): .leaf(leaf)
        case .output(let node, let output): .output(node, output)
        case .own, nil: nil
        }
      })
    return own.enumerated().map { index, output in
      guard wanted[index] else { return nil }
      guard case .tensor(let tensor)? = output, tensor.requiresGrad else { return output }
      return .tensor(tensor.linked(to: .output(node, index)))
    }
  }

  private static func carriesGradient(_ tensor: Tensor, at index: Int, _ operation: some Primitive) -> Bool {
    tensor.dtype.isFloatingPoint && operation.isDifferentiable(output: index)
  }

  /// The nodes that this one's gradients go to, one per input that needs one; nil for a leaf, which accumulates.
  public var nextFunctions: [Node?] {
    edges.compactMap { edge -> Node?? in
      switch edge {
      case .output(let node, _): .some(node)
      case .leaf: .some(nil)
      case nil: nil
      }
    }
  }

  package var edges: [Edge?] { held.withLock { $0.edges } }

  /// The saved values, with this node's own outputs linked to it again.
  ///
  /// - Throws: `TensorError` of kind `autograd` when a backward pass has freed them; the error of a hook.
  package func savedValues(keep: Bool, in pass: PassScope) throws -> [Value?] {
    let saved = held.withLock { held in
      let saved = held.saved
      // As in PyTorch, an operation that saves nothing may be gone through again.
      if !keep, let saved, !saved.isEmpty { held.saved = nil }
      return saved
    }
    guard let saved else {
      throw TensorError(
        .autograd,
        "Trying to backward through the graph a second time (or directly access saved tensors after they "
          + "have already been freed): the values that \(name) saved are freed by the first pass; give it "
          + "retainGraph: true to go through the graph again")
    }
    return try saved.unpacked(in: pass).map { value in
      guard case .tensor(let tensor)? = value, case .own(let index) = tensor.link else { return value }
      return .tensor(tensor.linked(to: .output(self, index)))
    }
  }

  /// The bytes of the tensors saved for the backward pass, each counted whole, 0 after they are freed.
  package var savedByteCount: Int { held.withLock { $0.saved?.byteCount ?? 0 } }

  /// The hooks of an output, for one to be added.
  func hooks(of output: Int) -> GradientHooks {
    held.withLock { held in
      if let hooks = held.hooks[output] { return hooks }
      let hooks = GradientHooks()
      held.hooks[output] = hooks
      return hooks
    }
  }

  /// The gradients of the outputs after the outputs' hooks.
  func afterHooks(_ gradients: [Tensor?]) throws -> [Tensor?] {
    let hooks = held.withLock { $0.hooks }
    if hooks.isEmpty { return gradients }
    return try gradients.enumerated().map { index, gradient in
      try gradient.map { try hooks[index]?.replace($0) ?? $0 }
    }
  }

  func retainGrad(of output: Int) { held.withLock { _ = $0.retaining.insert(output) } }

  /// The gradient accumulated for an output, which it has where it is retained or was named in `backward(inputs:)`.
  func grad(of output: Int) -> Tensor? { held.withLock { $0.grads[output] } }

  func zeroGrad(of output: Int) { held.withLock { $0.grads[output] = nil } }

  /// The outputs that retain their gradients, and others.
  func retained(and named: Set<Int>) -> Set<Int> { held.withLock { $0.retaining.union(named) } }

  /// Adds gradients to those of some outputs, in the modes of the caller.
  func accumulate(_ gradients: [Tensor?], of outputs: Set<Int>) throws {
    for index in outputs {
      guard index < gradients.count, let gradient = gradients[index] else { continue }
      let sum = try grad(of: index).map { try apply(Add(), to: $0, gradient) }
      held.withLock { $0.grads[index] = sum ?? gradient }
    }
  }

  /// Unlinks what only this node holds, node by node: a chain of a million would overflow the stack if each node's
  /// end released the next.
  deinit {
    var orphans: [Node] = []
    takeReferences(into: &orphans)
    while var node = orphans.popLast() {
      if isKnownUniquelyReferenced(&node) { node.takeReferences(into: &orphans) }
    }
  }

  private func takeReferences(into nodes: inout [Node]) {
    let taken = held.withLock { held in
      let taken = held
      held = Held(saved: nil, edges: [])
      return taken
    }
    for case .output(let node, _)? in taken.edges { nodes.append(node) }
    nodes += taken.saved?.nodes ?? []
    for gradient in taken.grads.values {
      if let node = gradient.gradFn { nodes.append(node) }
    }
  }
}

extension Node: Hashable {
  public static func == (left: Node, right: Node) -> Bool { left === right }
  public func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
}
