import Synchronization

extension Tensor {
  /// Calls `hook` with this tensor's gradient in every backward pass that reaches it.
  ///
  /// The gradient is the sum over all uses of the tensor. What the hook returns replaces it; nil leaves it as it is.
  /// Hooks run in the order of their registration, before a leaf accumulates the gradient, before `retainGrad()` keeps
  /// it, before `grad(of:withRespectTo:)` returns it and before it flows on. They are recorded for gradients of
  /// gradients where the pass is. An error that a hook throws ends the pass, and no leaf has accumulated anything.
  ///
  /// The graph holds the hook: one that captures this tensor, a result, keeps the graph alive until it is removed.
  ///
  /// - Returns: the means to remove the hook; it stays registered when that is dropped.
  /// - Throws: `TensorError` of kind `autograd` when the tensor requires no gradient.
  @discardableResult
  public func registerHook(_ hook: @escaping @Sendable (Tensor) throws -> Tensor?) throws -> HookHandle {
    if let error = poison { throw error }
    let hooks: Hooks
    switch link {
    case .leaf(let leaf): hooks = leaf.hooks
    case .output(let node, let index): hooks = node.hooks(of: index)
    case .own, nil:
      throw TensorError(
        .autograd, "cannot register a hook on a tensor that doesn't require gradient: no backward pass reaches it")
    }
    return HookHandle(hooks: hooks, id: hooks.add(hook))
  }
}

/// A registered hook of a tensor.
public struct HookHandle: Sendable {
  fileprivate let hooks: Hooks
  fileprivate let id: Int

  /// Lets later backward passes go without the hook; without effect the second time.
  public func remove() { hooks.remove(id) }
}

/// The hooks of one tensor in the order of their registration.
package final class Hooks: Sendable {
  private struct Registered {
    var nextID = 0
    var hooks: [(id: Int, body: @Sendable (Tensor) throws -> Tensor?)] = []
  }

  private let registered = Mutex(Registered())

  fileprivate func add(_ hook: @escaping @Sendable (Tensor) throws -> Tensor?) -> Int {
    registered.withLock { registered in
      registered.hooks.append((registered.nextID, hook))
      registered.nextID += 1
      return registered.nextID - 1
    }
  }

  fileprivate func remove(_ id: Int) { registered.withLock { $0.hooks.removeAll { $0.id == id } } }

  /// The gradient after all hooks; the lock is not held while they run, since they may register and remove.
  func replace(_ gradient: Tensor) throws -> Tensor {
    try registered.withLock({ $0.hooks }).reduce(gradient) { gradient, hook in
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
