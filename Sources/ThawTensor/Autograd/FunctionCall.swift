import Synchronization

/// One call of a custom function, as an operation.
struct FunctionCall<Body: Function>: Primitive {
  /// What a call's parts tell each other.
  private final class Record: Sendable {
    struct Contents {
      var saved: [Tensor] = []
      var materializesGradients = true
      var nonDifferentiable: Set<Int> = []
      var outputTypes: [TensorType] = []
    }

    let contents = Mutex(Contents())
  }

  private let function: Body
  private let needsInputGrad: [Bool]
  private let record = Record()

  init(_ function: Body, _ inputs: [Tensor]) {
    self.function = function
    let records = Context.current.records
    needsInputGrad = inputs.map { records && $0.requiresGrad }
  }

  static var schema: Schema {
    Schema(
      "\(Body.self)", domain: "function", versions: [1], inputs: [Input("inputs", variadic: true)],
      outputs: [Output("outputs", variadic: true)], batch: .mixing)
  }

  init(_ node: NodeReader) throws {
    throw TensorError(.unsupported, "\(Body.self) is a custom function, which stands in no file")
  }

  static func == (left: FunctionCall, right: FunctionCall) -> Bool { left.record === right.record }
  func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(record)) }

  func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    throw TensorError(.unsupported, "\(Body.self) is a custom function: its types are known when it has run")
  }

  func evaluate(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    guard inputs.contains(where: { $0?.tensor?.isTraced ?? false }) else {
      return try evaluateRecording(inputs, wanted: wanted)
    }
    return try withErrors { try function.body(inputs.compactMap { $0?.tensor }).map(Value.tensor) }
  }

  func forward(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    // Marked, so that an input is told among what is saved.
    let arguments = inputs.enumerated().compactMap { $1?.tensor?.linked(to: .own($0)) }
    var context = FunctionContext(needsInputGrad: needsInputGrad)
    let outputs = try noGrad { try withErrors { try function.forward(arguments, &context) } }
    if let error = (outputs + context.savedTensors).lazy.compactMap(\.poison).first { throw error }
    record.contents.withLock { contents in
      contents.saved = context.savedTensors
      contents.materializesGradients = context.materializesGradients
      contents.nonDifferentiable = Set(
        outputs.indices.filter { index in context.nonDifferentiable.contains { $0.looksAtSame(as: outputs[index]) } })
      contents.outputTypes = outputs.map(\.type)
    }
    return outputs.map { .tensor($0.linked(to: nil)) }
  }

  func isDifferentiable(output index: Int) -> Bool {
    !record.contents.withLock { $0.nonDifferentiable.contains(index) }
  }

  func saved(_ inputs: [Value?], _ outputs: [Value?], needs: InputMask) -> [Value?] {
    let saved = record.contents.withLock { contents in
      defer { contents.saved = [] }
      return contents.saved
    }
    return saved.map { tensor in
      if case .own(let index) = tensor.link { return inputs[index] }
      let output = outputs.first { $0?.tensor?.looksAtSame(as: tensor) ?? false }
      return output ?? .tensor(tensor.linked(to: nil))
    }
  }

  func pullback(_ gradients: [Tensor?], saved: [Value?], needs: InputMask) throws -> [Tensor?] {
    let (materializes, types) = record.contents.withLock { ($0.materializesGradients, $0.outputTypes) }
    let context = FunctionContext(
      needsInputGrad: needsInputGrad.indices.map { needs[$0] }, savedTensors: saved.compactMap { $0?.tensor })
    let given = try zip(gradients, types).map { gradient, type in
      try gradient ?? (materializes ? Tensor.full(type.shape ?? [], 0, dtype: type.dtype) : nil)
    }
    let results = try function.backward(given, context)
    guard results.count == needsInputGrad.count else {
      throw TensorError(
        .autograd,
        "function \(Body.self)Backward returned an incorrect number of gradients (expected \(needsInputGrad.count), "
          + "got \(results.count))")
    }
    return results
  }
}

extension Tensor {
  /// Whether both are the same look at the same memory.
  fileprivate func looksAtSame(as other: Tensor) -> Bool {
    guard case .memory(let storage, let offset, let strides) = contents,
      case .memory(let otherStorage, let otherOffset, let otherStrides) = other.contents
    else { return false }
    return storage === otherStorage && offset == otherOffset && strides == otherStrides && shape == other.shape
      && dtype == other.dtype
  }
}
