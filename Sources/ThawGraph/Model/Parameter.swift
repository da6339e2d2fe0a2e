import Synchronization
import ThawONNX
import ThawTensor

/// A floating tensor of a model: its name, its role, and its current value.
///
/// Values are replaced, never overwritten, so that whoever holds an older one keeps it.
public final class Parameter: Sendable {
  private struct State {
    var role: Role
    /// nil until it is first asked for or set.
    var value: Tensor?
    var isChanged = false
    var revision = 0

    /// Whether nobody else holds the leaf that the value is, and may ask it for its gradient.
    mutating func isLeafAlone() -> Bool {
      guard var leaf = value?.leaf else { return true }
      // Without the value's own reference.
      value = value?.detach()
      defer { value = value?.linked(to: .leaf(leaf)) }
      return isKnownUniquelyReferenced(&leaf)
    }
  }

  public let name: String
  public let type: TensorType
  let stored: StoredTensor
  private let initialRole: Role
  private let state: Mutex<State>

  init(stored: StoredTensor, type: TensorType, role: Role) {
    name = stored.name
    self.type = type
    self.stored = stored
    initialRole = role
    state = Mutex(State(role: role))
  }

  /// A parameter that is not in a file yet, for recordings.
  public convenience init(_ name: String, _ value: Tensor, role: Role = .trainable) {
    self.init(stored: StoredTensor(value.detach(), name: name), type: value.type, role: role)
  }

  /// Whether it trains, is frozen, is a buffer or a constant.
  ///
  /// Setting it drops the accumulated gradient.
  public var role: Role {
    get { state.withLock { $0.role } }
    set {
      state.withLock { state in
        guard state.role != newValue else { return }
        state.role = newValue
        state.value = state.value?.detach()
      }
    }
  }

  /// The number of elements.
  public var count: Int { (type.shape ?? []).reduce(1, *) }

  /// The current value: a leaf that requires a gradient when the role is trainable.
  ///
  /// - Throws: `ModelError` when the file's data do not fit their type and dimensions.
  public func value() throws -> Tensor {
    try state.withLock { state in
      let value = try state.value ?? stored.read()
      if state.role == .trainable, !value.requiresGrad {
        let leaf = try value.requiringGrad()
        state.value = leaf
        return leaf
      }
      state.value = value
      return value
    }
  }

  /// The elements of the current value: a view of the file where nobody has replaced it, whatever its address.
  ///
  /// - Throws: as `value()`.
  func data() throws -> TensorData {
    let changed = state.withLock { $0.isChanged ? $0.value : nil }
    return try changed?.detach().data() ?? stored.data()
  }

  /// Replaces the value; the gradient of the old one is dropped.
  ///
  /// Of an inference tensor it takes a copy, which may train later.
  ///
  /// - Throws: `ModelError` of kind `type` when type or shape differ.
  public func set(_ value: Tensor) throws {
    guard value.dtype == type.dtype, value.shape == type.shape else {
      throw ModelError(
        .type, "the parameter '\(name)' is \(type), and the new value is \(TensorType(value.dtype, shape: value.shape))"
      )
    }
    let value = try value.isInference ? inferenceMode(false) { try value.detach().copied() } : value.detach()
    state.withLock { state in
      if !(state.value?.isSameMemory(as: value) ?? false) { state.revision += 1 }
      if !state.isChanged { stored.returnPages() }
      state.value = value
      state.isChanged = true
    }
  }

  /// Counts the values that the parameter has had.
  package var revision: Int { state.withLock { $0.revision } }

  /// Lets go of a value that can be read from the file again, where something else was made of it.
  package func release() {
    state.withLock { state in
      guard !state.isChanged, state.value?.grad == nil, state.isLeafAlone() else { return }
      state.value = nil
    }
  }

  /// Returns to the system what was read of the file into memory, where nobody has replaced the value.
  func returnPages() { state.withLock { if !$0.isChanged { stored.returnPages() } } }

  /// The gradient accumulated in the current value.
  public var grad: Tensor? { state.withLock { $0.value?.grad } }

  /// Adds to the gradient accumulated in the current value.
  package func accumulate(_ gradient: Tensor) throws {
    guard case .leaf(let leaf) = try value().link else { return }
    try leaf.accumulate(gradient)
  }

  /// Puts another gradient in the place of the accumulated one.
  package func replaceGrad(with gradient: Tensor) { state.withLock { $0.value?.replaceGrad(with: gradient) } }

  /// The accumulated gradient, for whoever replaces the value by it and may use its memory up.
  ///
  /// It is taken out, unless someone holds the old value and may still ask for it.
  package func takeGrad() -> Tensor? {
    state.withLock { state in
      let grad = state.value?.grad
      if state.isLeafAlone() { state.value = state.value?.detach() }
      return grad
    }
  }

  /// Forgets the accumulated gradient.
  public func zeroGrad() { state.withLock { $0.value?.zeroGrad() } }

  /// Whether the value was replaced since the file was read.
  var isChanged: Bool { state.withLock { $0.isChanged } }

  /// Whether the role is another than when the file was read.
  var hasNewRole: Bool { role != initialRole }
}
