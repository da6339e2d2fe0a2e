/// An operation of the user's own: a computation, and the gradient that goes with it (PyTorch's `autograd.Function`).
///
///     struct Cube: Function {
///       func forward(_ inputs: [Tensor], _ context: inout FunctionContext) throws -> [Tensor] {
///         context.saveForBackward(inputs[0])
///         return [inputs[0] ** 3]
///       }
///
///       func backward(_ gradients: [Tensor?], _ context: FunctionContext) throws -> [Tensor?] {
///         [gradients[0].map { $0 * 3 * context.savedTensors[0] ** 2 }]
///       }
///     }
///     let y = try Cube()(x)
///
/// Both run inside of an error scope. A function is told from another by identity, since closures and classes in it
/// cannot be compared. It is code, which no file can hold: recording it takes a `body(_:)`. For an operator that stands
/// in model files, conform to `Primitive` or `Composite` and give the type to `Model(contentsOf:operators:)`.
public protocol Function: Sendable {
  /// Computes the outputs; nothing in it is recorded for gradients.
  func forward(_ inputs: [Tensor], _ context: inout FunctionContext) throws -> [Tensor]

  /// The gradients of the inputs from those of the outputs: one per input, nil for zero.
  ///
  /// Written in tensor operations on the gradients and on saved inputs and outputs, it can be differentiated again.
  ///
  /// - Parameter gradients: one per output; see `FunctionContext.materializesGradients` for those that nothing flows
  ///   back from.
  func backward(_ gradients: [Tensor?], _ context: FunctionContext) throws -> [Tensor?]

  /// The same computation in tensor operations alone, which stands for the function in a recording.
  ///
  /// - Throws: where it is left out, `TensorError` of kind `unsupported`.
  func body(_ inputs: [Tensor]) throws -> [Tensor]
}

extension Function {
  public func body(_ inputs: [Tensor]) throws -> [Tensor] {
    throw TensorError(
      .unsupported,
      "\(Self.self) is a custom function, code that no graph and no file can hold: give it a body(_:) in tensor "
        + "operations, which is recorded in its place")
  }

  /// Computes the outputs, recorded for gradients where an input requires one.
  ///
  /// - Throws: the error of `forward(_:_:)`; the first error of an input that stands for a failed operation.
  public func apply(_ inputs: Tensor...) throws -> [Tensor] {
    let call = FunctionCall(self, inputs)
    return try ThawTensor.apply(call, to: inputs.map(Value.tensor)).map { output in
      guard let tensor = output?.tensor else { throw TensorError(.internal, "\(Self.self) lost an output") }
      return tensor
    }
  }

  /// The one output; see `apply(_:)`.
  ///
  /// - Throws: `TensorError` of kind `operand` when there is not exactly one.
  public func callAsFunction(_ inputs: Tensor...) throws -> Tensor {
    let call = FunctionCall(self, inputs)
    let outputs = try ThawTensor.apply(call, to: inputs.map(Value.tensor))
    guard outputs.count == 1, let tensor = outputs[0]?.tensor else {
      throw TensorError(
        .operand, "\(Self.self) has \(outputs.count) outputs, and a call gives one: use apply(…) to get them all")
    }
    return tensor
  }
}

/// What passes from a function's forward to its backward.
public struct FunctionContext: Sendable {
  /// For each input whether its gradient is wanted; another may be left nil.
  public let needsInputGrad: [Bool]
  /// In `backward`, what `forward` saved.
  public private(set) var savedTensors: [Tensor]
  /// Whether `backward` gets zeros, not nil, for an output that nothing flows back from; set in `forward`.
  public var materializesGradients = true
  private(set) var nonDifferentiable: [Tensor] = []

  init(needsInputGrad: [Bool], savedTensors: [Tensor] = []) {
    self.needsInputGrad = needsInputGrad
    self.savedTensors = savedTensors
  }

  /// Keeps tensors for `backward`, replacing those kept before.
  ///
  /// Gradients of gradients flow through those that are inputs or outputs of the function.
  public mutating func saveForBackward(_ tensors: Tensor...) { savedTensors = tensors }

  /// Says that no gradient flows back from some of the outputs; integers and truth values carry none anyway.
  public mutating func markNonDifferentiable(_ outputs: Tensor...) { nonDifferentiable += outputs }
}
