import Synchronization

extension Tensor {
  /// Calls `hook` with this tensor's gradient in every backward pass that reaches it.
  ///
  /// The gradient is the sum over all uses of the tensor; the hook is called as soon as it is complete. What the hook
  /// returns replaces it; nil leaves it as it is. Hooks run in the order of their registration, each with what the one
  /// before it gave, and before a leaf accumulates the gradient, before `retainGrad()` keeps it, before
  /// `grad(of:withRespectTo:)` returns it and before it flows on. They are recorded for gradients of gradients where
  /// the pass is. An error that a hook throws ends the pass, and no leaf has accumulated anything, except those with
  /// hooks of `registerPostAccumulateGradHook(_:)`.
  ///
  /// The graph holds the hook: one that captures this tensor, a result, keeps the graph alive until it is removed.
  ///
  /// - Returns: the means to remove the hook; it stays registered when that is dropped.
  /// - Throws: `TensorError` of kind `autograd` when the tensor requires no gradient.
  @discardableResult
  public func registerHook(_ hook: @escaping @Sendable (Tensor) throws -> Tensor?) throws -> HookHandle {
    if let error = poison { throw error }
    switch link {
    case .leaf(let leaf): return leaf.hooks.add(hook)
    case .output(let node, let index): return node.hooks(of: index).add(hook)
    case .own, nil:
      throw TensorError(
        .autograd, "cannot register a hook on a tensor that doesn't require gradient: no backward pass reaches it")
    }
  }

  /// Calls `hook` with this leaf after a backward pass has added to its `grad`.
  ///
  /// Such a leaf accumulates as soon as its gradient is complete, not at the end of the pass, so that a hook may use the
  /// gradient and drop it with `zeroGrad()` while the pass goes on. Hooks run in the order of their registration;
  /// `grad(of:withRespectTo:)` accumulates nothing and calls none.
  ///
  /// - Returns: the means to remove the hook; it stays registered when that is dropped.
  /// - Throws: `TensorError` of kind `autograd` when the tensor is no leaf that requires a gradient.
  @discardableResult
  public func registerPostAccumulateGradHook(
    _ hook: @escaping @Sendable (Tensor) throws -> Void
  ) throws -> HookHandle {
    if let error = poison { throw error }
    switch link {
    case .leaf(let leaf):
      // The leaf holds the hook: its tensor must not hold the leaf.
      let elements = linked(to: nil)
      return leaf.postAccumulateHooks.add { try hook(elements.linked(to: .leaf($0))) }
    case .output(let node, _):
      throw TensorError(
        .autograd,
        "post accumulate grad hooks cannot be registered on non-leaf tensors: this one is the result of "
          + "\(node.name), and nothing accumulates in it; see registerHook(_:)")
    case .own, nil:
      throw TensorError(
        .autograd, "cannot register a hook on a tensor that doesn't require gradient: no backward pass reaches it")
    }
  }
}

/// A registered hook of a tensor.
public struct HookHandle: Sendable {
  fileprivate let removal: @Sendable () -> Void

  /// Lets later backward passes go without the hook; without effect the second time.
  public func remove() { removal() }
}

/// Hooks of one tensor in the order of their registration.
package final class Hooks<Body: Sendable>: Sendable {
  private struct Registered {
    var nextID = 0
    var hooks: [(id: Int, body: Body)] = []
  }

  private let registered = Mutex(Registered())

  fileprivate func add(_ hook: Body) -> HookHandle {
    let id = registered.withLock { registered in
      registered.hooks.append((registered.nextID, hook))
      registered.nextID += 1
      return registered.nextID - 1
    }
    return HookHandle { self.registered.withLock { $0.hooks.removeAll { $0.id == id } } }
  }

  var isEmpty: Bool { registered.withLock { $0.hooks.isEmpty } }

  /// Those registered now; the lock is not held while they run, since they may register and remove.
  fileprivate var current: [(id: Int, body: Body)] { registered.withLock { $0.hooks } }
}

/// Hooks that see, and may replace, a gradient.
package typealias GradientHooks = Hooks<@Sendable (Tensor) throws -> Tensor?>

extension GradientHooks {
  /// The gradient after all hooks.
  func replace(_ gradient: Tensor) throws -> Tensor {
    try current.reduce(gradient) { gradient, hook in
      guard let replacement = try withErrors({ try hook.body(gradient) }) else { return gradient }
      if let error = replacement.poison { throw error }
      guard replacement.shape == gradient.shape else {
        throw TensorError(
          .autograd,
          "hook \(hook.id) has changed the size of value: the gradient has shape \(gradient.shape), and it returned "
            + "one of shape \(replacement.shape)")
      }
      guard replacement.dtype == gradient.dtype else {
        throw TensorError(
          .autograd,
          "hook \(hook.id) has changed the type of value (was \(gradient.dtype) got \(replacement.dtype))")
      }
      return replacement
    }
  }
}

extension Leaf {
  /// Adds a gradient to what is there and calls the hooks that wait for it, in the modes of the caller.
  func accumulateAndCall(_ gradient: Tensor) throws {
    try accumulate(gradient)
    for hook in postAccumulateHooks.current { try withErrors { try hook.body(self) } }
  }
}
