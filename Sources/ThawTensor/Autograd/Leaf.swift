import Synchronization

/// The end of the graph at a tensor that requires a gradient: where the gradient accumulates.
///
/// Copies of the tensor share it.
package final class Leaf: Sendable {
  private let accumulated = Mutex<Tensor?>(nil)
  let hooks = GradientHooks()
  let postAccumulateHooks = Hooks<@Sendable (Leaf) throws -> Void>()

  package init() {}

  /// Whether a hook waits for the moment at which its gradient is complete.
  var hasHooks: Bool { !hooks.isEmpty || !postAccumulateHooks.isEmpty }

  package var grad: Tensor? {
    get { accumulated.withLock { $0 } }
    set { accumulated.withLock { $0 = newValue } }
  }

  /// Adds a gradient to what is there, in the modes of the caller.
  package func accumulate(_ gradient: Tensor) throws {
    try accumulated.withLock { try $0 = $0.map { try apply(Add(), to: $0, gradient) } ?? gradient }
  }
}

/// A tensor's place in the graph of automatic differentiation.
package enum AutogradLink: Sendable {
  case leaf(Leaf)
  /// The output at an index of a node.
  case output(Node, Int)
  /// An output of the node that is being made and saves it: a strong reference would keep the node alive for ever. In
  /// the forward of a custom function, its input at an index.
  case own(Int)
}

extension Tensor {
  /// Whether operations on this tensor are recorded for gradients.
  public var requiresGrad: Bool { link != nil }

  /// Whether it is not the result of a recorded operation.
  public var isLeaf: Bool { if case .output = link { false } else { true } }

  /// The operation that made it, in the graph of automatic differentiation; nil for a leaf.
  public var gradFn: Node? { if case .output(let node, _) = link { node } else { nil } }

  package var leaf: Leaf? { if case .leaf(let leaf) = link { leaf } else { nil } }

  /// The gradient that backward passes have accumulated in this tensor, nil before the first.
  ///
  /// Of results, only those have one on which `retainGrad()` was called, or which `backward(inputs:)` named.
  public var grad: Tensor? {
    switch link {
    case .leaf(let leaf): leaf.grad
    case .output(let node, let index): node.grad(of: index)
    default: nil
    }
  }

  /// Whether a hook waits for this leaf's gradient.
  package var hasLeafHooks: Bool { if case .leaf(let leaf) = link { leaf.hasHooks } else { false } }

  /// Lets backward passes accumulate the gradient of this result in `grad`; without effect on a leaf.
  public func retainGrad() { if case .output(let node, let index) = link { node.retainGrad(of: index) } }

  /// Puts another gradient in the place of what this leaf accumulated.
  package func replaceGrad(with gradient: Tensor) {
    if case .leaf(let leaf) = link { leaf.grad = gradient.detach() }
  }

  /// Forgets the accumulated gradient.
  public func zeroGrad() {
    switch link {
    case .leaf(let leaf): leaf.grad = nil
    case .output(let node, let index): node.zeroGrad(of: index)
    case .own, nil: break
    }
  }

  /// The same elements outside of the graph of automatic differentiation, sharing memory.
  public func detach() -> Tensor { linked(to: nil) }

  /// A new leaf that shares memory with this one.
  ///
  /// - Throws: `TensorError` of kind `autograd` when this is the result of a recorded operation, not floating, or,
  ///   outside of `inferenceMode`, an inference tensor.
  public func requiringGrad(_ requiresGrad: Bool = true) throws -> Tensor {
    if let error = poison { throw error }
    guard isLeaf else {
      throw TensorError(
        .autograd,
        "you can only change requires_grad flags of leaf variables; this tensor is the result of "
          + "\(gradFn?.name ?? "an operation"): call detach() first to get a leaf")
    }
    guard requiresGrad else { return linked(to: nil) }
    guard dtype.isFloatingPoint else {
      throw TensorError(
        .autograd, "only Tensors of floating point dtype can require gradients; this one is \(dtype): cast it first")
    }
    guard !isInference || Context.current.isInference else {
      throw TensorError(
        .autograd,
        "Setting requires_grad=True on inference tensor outside InferenceMode is not allowed. This one was made in "
          + "inferenceMode: call clone() first to get a normal tensor")
    }
    return linked(to: .leaf(Leaf()))
  }
}
