/// Applies an operation: the one door through which everything is computed, recorded for gradients, or traced.
///
/// - Parameters:
///   - inputs: in the schema's order; nil for an optional input that is absent.
///   - wanted: the outputs that will be used; the others may come back nil.
/// - Throws: `TensorError` when the inputs do not fit; the first error of an input that stands for a failed operation.
public func apply(_ operation: any Operator, to inputs: [Value?], wanted: OutputMask = .all) throws -> [Value?] {
  for input in inputs {
    if case .tensor(let tensor) = input, let error = tensor.poison { throw error }
  }
  return try operation.evaluate(inputs, wanted: wanted)
}

/// Applies an operation to tensors and gives its first output.
public func apply(_ operation: any Operator, to inputs: Tensor?...) throws -> Tensor {
  let outputs = try apply(operation, to: inputs.map { $0.map(Value.tensor) }, wanted: .only(0))
  guard case .tensor(let tensor)? = outputs.first ?? nil else {
    throw TensorError(.internal, "\(operation.schema.name) gave no tensor as its first output")
  }
  return tensor
}

extension Primitive {
  public func evaluate(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    try evaluateRecording(inputs, wanted: wanted)
  }

  /// By the kernel, with a node for this operation's own pullback where a gradient is wanted.
  func evaluateRecording(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let context = Context.current
    let needs = context.records ? InputMask(gradientsNeededBy: inputs, of: Self.schema) : .none
    let records = !needs.isEmpty(below: inputs.count) && isDifferentiable
    guard records else {
      return try compute(inputs.map { $0?.unlinked }, wanted: wanted, in: context).map { $0?.unlinked }
    }
    if let missingGradient {
      throw TensorError(
        .unsupported,
        "\(missingGradient) has no gradient in Thaw yet, and an input of it requires one; freeze what "
          + "leads to it, or detach() its input")
    }
    let toSave = outputsToSave(needs: needs)
    let outputs = try compute(inputs.map { $0?.unlinked }, wanted: wanted.union(toSave), in: context)
    return try Node.record(self, inputs: inputs, outputs: outputs, needs: needs, wanted: wanted, in: context)
  }

  fileprivate func compute(_ inputs: [Value?], wanted: OutputMask, in context: Context) throws -> [Value?] {
    if inputs.contains(where: { $0?.tensor?.isTraced ?? false }) {
      guard let recorder = context.recorder else { throw TensorError.tracedOutside(Self.schema.name) }
      return try recorder.record(self, inputs: inputs, wanted: wanted)
    }
    if let recorder = context.recorder, recorder.takes(self, of: inputs) {
      return try recorder.record(self, inputs: inputs, wanted: wanted)
    }
    if let mover = self as? any ElementMover, inputs.contains(where: { $0?.tensor?.areStrings ?? false }) {
      return try mover.forwardStrings(inputs, wanted: wanted)
    }
    return try forward(inputs, wanted: wanted)
  }
}

extension Expandable {
  /// By the kernel; where a gradient is wanted, by the expansion, which carries it.
  public func evaluate(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let context = Context.current
    if context.records, inputs.contains(where: { $0?.tensor?.requiresGrad ?? false }) {
      // The kernel would check what it is given; the expansion may rely on it.
      let known = KnownValues(
        inputs.enumerated().map { index, input in
          guard Self.schema.input(at: index)?.isNeededAsValue == true, let tensor = input?.tensor else { return nil }
          return tensor.isTraced ? nil : tensor
        })
      _ = try outputTypes(inputs.map { $0?.type }, known: known)
      return try withErrors { try expansion(inputs, wanted: wanted) }
    }
    return try compute(inputs, wanted: wanted, in: context)
  }
}

extension Composite {
  public func evaluate(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let context = Context.current
    let needsGradient = context.records && inputs.contains { $0?.tensor?.requiresGrad ?? false }
    if !needsGradient, inputs.contains(where: { $0?.tensor?.isTraced ?? false }) {
      guard let recorder = context.recorder else { throw TensorError.tracedOutside(Self.schema.name) }
      return try recorder.record(self, inputs: inputs, wanted: wanted)
    }
    do {
      return try withErrors { try body(inputs, wanted: wanted) }
    } catch let error as TensorError where !error.message.hasPrefix("\(Self.schema.name): ") {
      throw error.at("in the body of \(Self.schema.name)")
    }
  }
}

extension TensorError {
  fileprivate static func tracedOutside(_ name: String) -> TensorError {
    TensorError(
      .operand,
      "\(name): an input is a value of a recording that is not open in this task; a recording belongs to "
        + "the task that opened it, and its values have no numbers outside of it")
  }
}

extension InputMask {
  /// The inputs through which a gradient would reach something that requires one.
  init(gradientsNeededBy inputs: [Value?], of schema: Schema) {
    self.init(
      inputs.indices.map { index in
        guard case .tensor(let tensor)? = inputs[index], tensor.requiresGrad else { return false }
        if case .index? = schema.input(at: index)?.use { return false }
        return true
      })
  }
}

extension Value {
  /// The value outside of every graph of automatic differentiation.
  var unlinked: Value {
    guard case .tensor(let tensor) = self, tensor.link != nil else { return self }
    return .tensor(tensor.linked(to: nil))
  }
}
