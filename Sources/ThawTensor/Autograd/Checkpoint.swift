import Synchronization

/// Runs `body`, and saves nothing of it for the backward pass, which runs it again instead.
///
/// It trades time for memory (Chen and others, "Training Deep Nets with Sublinear Memory Cost", 2016). The values are
/// those of `body` alone: the second run has the modes of the first and draws the same random numbers, and gradients
/// reach every leaf that `body` uses, those of gradients too. Regions may nest. What `body` captures stays in memory:
/// give it a region's input by `checkpoint(_:_:)` where an outer region should let go of that too.
///
/// `body` is run once for each backward pass that reaches it and must then do the same operations in the same order, in
/// its own task; another number or type of saved tensors is a `TensorError` of kind `autograd` of that pass.
public func checkpoint<Result>(_ body: @escaping @Sendable () throws -> Result) rethrows -> Result {
  let context = Context.current
  guard context.records else { return try body() }
  return try CheckpointRegion(context, inputs: nil) { _ in _ = try body() }.run(body)
}

/// Runs a function, and saves only its inputs for the backward pass; see `checkpoint(_:)`.
///
/// - Throws: `TensorError` of kind `autograd` for an inference tensor; an error of `function`.
public func checkpoint(
  _ inputs: [Tensor], _ function: @escaping @Sendable ([Tensor]) throws -> [Tensor]
) throws -> [Tensor] {
  let context = Context.current
  guard context.records else { return try function(inputs) }
  let saved = try SavedValues(inputs.map(Value.tensor), of: "checkpoint", hooks: context.savedTensorHooks)
  return try CheckpointRegion(context, inputs: saved) { _ = try function($0) }.run { try function(inputs) }
}

/// Runs a function of one tensor, and saves only its input for the backward pass; see `checkpoint(_:)`.
public func checkpoint(
  _ input: Tensor, _ function: @escaping @Sendable (Tensor) throws -> Tensor
) throws -> Tensor {
  let outputs = try checkpoint([input]) { [try function($0[0])] }
  return outputs[0]
}

/// Operations whose saved tensors are computed again when a backward pass asks for the first of them.
final class CheckpointRegion: SavedTensorHooks {
  /// The modes of the first run.
  private let context: Context
  private let inputs: SavedValues?
  private let function: @Sendable ([Tensor]) throws -> Void
  private let draws: DrawLog
  /// What the first run would have saved, in that order.
  private let types = Mutex<[TensorType]>([])

  init(_ context: Context, inputs: SavedValues?, _ function: @escaping @Sendable ([Tensor]) throws -> Void) {
    var modes = context
    (modes.recorder, modes.errors, modes.savedTensorHooks, modes.draws) = (nil, nil, nil, nil)
    self.context = modes
    self.inputs = inputs
    self.function = function
    draws = DrawLog(outer: context.draws)
  }

  func run<Result>(_ body: () throws -> Result) rethrows -> Result {
    try Context.with(
      {
        $0.savedTensorHooks = self
        $0.draws = draws
      }, body)
  }

  func pack(_ tensor: Tensor) -> any PackedTensor {
    types.withLock { types in
      types.append(tensor.type)
      return Absent(region: self, index: types.count - 1)
    }
  }

  /// A tensor that only has its place.
  private struct Absent: PackedTensor {
    let region: CheckpointRegion
    let index: Int

    func unpacked(in pass: PassScope) throws -> Tensor {
      if let tensor = pass.take(index, of: region) { return tensor }
      pass.put(try region.recomputed(in: pass), of: region)
      guard let tensor = pass.take(index, of: region) else {
        throw TensorError(.internal, "a checkpoint's second run lost a tensor")
      }
      return tensor
    }

    var nodes: [Node] { region.inputs?.nodes ?? [] }
  }

  /// What the second run saves.
  private func recomputed(in pass: PassScope) throws -> [Tensor] {
    let capture = Capture()
    let current = Context.current
    var modes = context
    (modes.recorder, modes.savedTensorHooks, modes.draws) = (current.recorder, capture, draws.replay())
    let arguments = try inputs?.unpacked(in: pass).compactMap { $0?.tensor } ?? []
    try Context.with({ $0 = modes }) { try withErrors { try function(arguments) } }
    let tensors = capture.tensors
    try check(tensors.map(\.type))
    return tensors
  }

  private func check(_ found: [TensorType]) throws {
    let expected = types.withLock { $0 }
    guard found.count == expected.count else {
      throw TensorError(
        .autograd,
        "A different number of tensors was saved during the original forward and recomputation: \(expected.count) in "
          + "the first run of the checkpoint and \(found.count) in the second; its body must do the same operations "
          + "every time")
    }
    if let index = expected.indices.first(where: { expected[$0] != found[$0] }) {
      throw TensorError(
        .autograd,
        "Recomputed values for the following tensors have different metadata than during the forward pass: tensor at "
          + "position \(index), \(expected[index]) in the first run of the checkpoint and \(found[index]) in the "
          + "second; its body must do the same operations every time")
    }
  }

  /// Keeps what the second run saves; the graph that it makes is not used.
  private final class Capture: SavedTensorHooks {
    private let captured = Mutex<[Tensor]>([])
    var tensors: [Tensor] { captured.withLock { $0 } }

    func pack(_ tensor: Tensor) -> any PackedTensor {
      captured.withLock { $0.append(tensor) }
      return Nothing()
    }
  }

  private struct Nothing: PackedTensor {
    func unpacked(in pass: PassScope) throws -> Tensor {
      throw TensorError(
        .autograd, "a backward pass inside of a checkpoint's body goes through a graph that only its second run makes")
    }
  }
}

/// What one backward pass has computed again and not used yet.
package final class PassScope: Sendable {
  /// The region is held, so that its identity stays its own.
  private let recomputed = Mutex<[ObjectIdentifier: (region: CheckpointRegion, tensors: [Int: Tensor])]>([:])

  fileprivate func take(_ index: Int, of region: CheckpointRegion) -> Tensor? {
    recomputed.withLock { recomputed in
      let key = ObjectIdentifier(region)
      let tensor = recomputed[key]?.tensors.removeValue(forKey: index)
      if recomputed[key]?.tensors.isEmpty ?? false { recomputed[key] = nil }
      return tensor
    }
  }

  fileprivate func put(_ tensors: [Tensor], of region: CheckpointRegion) {
    let numbered = Dictionary(uniqueKeysWithValues: tensors.enumerated().map { ($0, $1) })
    recomputed.withLock { $0[ObjectIdentifier(region)] = (region, numbered) }
  }
}
