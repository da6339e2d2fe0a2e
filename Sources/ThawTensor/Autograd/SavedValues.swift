/// What an operation saved for its pullback: as it is, or in the keeping of hooks.
package struct SavedValues: Sendable {
  private struct Packed: Sendable {
    let index: Int
    let tensor: any PackedTensor
    let type: TensorType
    let link: AutogradLink?
  }

  /// nil at the places of what is packed.
  private var values: [Value?]
  private var packed: [Packed] = []

  /// - Parameter name: whose values they are, for messages.
  /// - Throws: `TensorError` of kind `autograd` for an inference tensor; the error of a hook.
  init(_ values: [Value?], of name: String, hooks: (any SavedTensorHooks)?) throws {
    self.values = values
    for (index, value) in values.enumerated() {
      guard case .tensor(let tensor)? = value else { continue }
      guard !tensor.isInference else {
        throw TensorError(
          .autograd,
          "Inference tensors cannot be saved for backward. To work around you can make a clone to get a normal tensor "
            + "and use it in autograd: \(name) saves a \(tensor.type) that was made in inferenceMode; call clone() on it "
            + "outside, or make it in noGrad")
      }
      guard let hooks else { continue }
      let entry = try hooks.pack(tensor.linked(to: nil))
      packed.append(Packed(index: index, tensor: entry, type: tensor.type, link: tensor.link))
      self.values[index] = nil
    }
  }

  var isEmpty: Bool { packed.isEmpty && !values.contains { $0 != nil } }

  /// The values with their places in the graph, for one backward pass.
  func unpacked(in pass: PassScope) throws -> [Value?] {
    var values = values
    for entry in packed {
      let tensor = try entry.tensor.unpacked(in: pass)
      if let error = tensor.poison { throw error }
      guard tensor.type == entry.type else {
        throw TensorError(
          .autograd,
          "Output of saved tensor unpack_hook expected to be a \(entry.type), as what was packed, but got a "
            + "\(tensor.type)")
      }
      values[entry.index] = .tensor(tensor.linked(to: entry.link))
    }
    return values
  }

  /// The bytes of the tensors, each counted whole.
  var byteCount: Int {
    values.reduce(0) { $0 + ($1?.tensor?.byteCount ?? 0) } + packed.reduce(0) { $0 + $1.tensor.byteCount }
  }

  /// The nodes that these values keep alive, as far as is known.
  var nodes: [Node] {
    values.compactMap { $0?.tensor?.gradFn }
      + packed.flatMap { entry -> [Node] in
        if case .output(let node, _) = entry.link { entry.tensor.nodes + [node] } else { entry.tensor.nodes }
      }
  }
}

extension Tensor {
  fileprivate var byteCount: Int { count * dtype.itemSize }
}

/// What takes the tensors that operations save into its own keeping.
package protocol SavedTensorHooks: Sendable {
  /// - Parameter tensor: outside of every graph.
  func pack(_ tensor: Tensor) throws -> any PackedTensor
}

/// A saved tensor in the keeping of hooks.
package protocol PackedTensor: Sendable {
  /// A tensor of the same type and values, outside of every graph.
  func unpacked(in pass: PassScope) throws -> Tensor
  /// The bytes of tensors that it holds.
  var byteCount: Int { get }
  /// The nodes that it keeps alive.
  var nodes: [Node] { get }
}

extension PackedTensor {
  package var byteCount: Int { 0 }
  package var nodes: [Node] { [] }
}

/// Hands what operations in `body` save for backward passes to `pack`, and what `pack` made of it to `unpack`.
///
/// `pack` is called when an operation saves a tensor, `unpack` whenever a backward pass needs it, which may be long after
/// `body` has ended; both without recording, and with tensors outside of the graph, whose places in it are kept beside
/// them. Of nested scopes the innermost has it. What `unpack` gives must be of the type and shape of what was packed;
/// with other values, gradients are other too. Both are tried on every operation alone, so that a tensor that is saved
/// twice is packed twice. To keep activations in half the memory:
///
///     let loss = try savedTensorsHooks(
///       pack: { $0.dtype == .float32 ? ($0.cast(to: .float16), true) : ($0, false) },
///       unpack: { packed, isHalved in isHalved ? packed.cast(to: .float32) : packed }
///     ) { try crossEntropy(model(["x": batch])["logits"], labels) }
public func savedTensorsHooks<Packed: Sendable, Result>(
  pack: @escaping @Sendable (Tensor) throws -> Packed, unpack: @escaping @Sendable (Packed) throws -> Tensor,
  _ body: () throws -> Result
) rethrows -> Result {
  try Context.with({ $0.savedTensorHooks = ClosureHooks(packing: pack, unpacking: unpack) }, body)
}

private struct ClosureHooks<Packed: Sendable>: SavedTensorHooks {
  let packing: @Sendable (Tensor) throws -> Packed
  let unpacking: @Sendable (Packed) throws -> Tensor

  func pack(_ tensor: Tensor) throws -> any PackedTensor {
    Entry(packed: try unrecorded { try packing(tensor) }, hooks: self)
  }

  private func unrecorded<Result>(_ body: () throws -> Result) throws -> Result {
    try Context.with({
      $0.gradMode = false
      $0.savedTensorHooks = nil
    }) { try withErrors(body) }
  }

  private struct Entry: PackedTensor {
    let packed: Packed
    let hooks: ClosureHooks

    func unpacked(in pass: PassScope) throws -> Tensor {
      try hooks.unrecorded { try hooks.unpacking(packed) }.detach()
    }

    var byteCount: Int { (packed as? Tensor)?.byteCount ?? 0 }
  }
}
