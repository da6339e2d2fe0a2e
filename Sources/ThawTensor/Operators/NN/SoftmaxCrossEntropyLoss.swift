import ThawTypes

/// The negative logarithms of the softmax of scores at labels, weighed by class (ONNX SoftmaxCrossEntropyLoss-12, 13).
///
/// The scores are (samples, classes, places …). The log-probabilities are the second output, and what the gradient is
/// computed from. Class weights get no gradient, as in PyTorch.
public struct SoftmaxCrossEntropyLoss: Primitive {
  public var reduction: LossReduction
  /// The label that counts for nothing.
  public var ignoreIndex: Int?

  public init(reduction: LossReduction = .mean, ignoreIndex: Int? = nil) {
    self.reduction = reduction
    self.ignoreIndex = ignoreIndex
  }

  private var settings: LabelLoss {
    LabelLoss(name: "SoftmaxCrossEntropyLoss", reduction: reduction, ignoreIndex: ignoreIndex)
  }

  public static let schema = Schema(
    "SoftmaxCrossEntropyLoss", versions: [12, 13],
    inputs: [Input("scores"), Input("labels", .index), Input("weights", .index, optional: true)],
    outputs: [Output("output"), Output("log_prob", optional: true)], batch: .mixing, autogradName: "NllLoss")

  public init(_ node: NodeReader) throws { (reduction, ignoreIndex) = try LabelLoss.settings(node) }

  public func attributes(opset: Int) throws -> [String: Attribute] { settings.attributes }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    let scores = try tensorType(inputs, 0, of: Self.schema)
    let labels = try tensorType(inputs, 1, of: Self.schema)
    let weights = inputs.count > 2 ? inputs[2]?.tensor : nil
    return [.tensor(try settings.type(scores, labels, weights)), .tensor(scores)]
  }

  public func forward(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    _ = try outputTypes(inputs.map { $0?.type }, known: KnownValues())
    let scores = try tensor(inputs, 0, of: Self.schema)
    let labels = try tensor(inputs, 1, of: Self.schema)
    let weights = try optionalTensor(inputs, 2, of: Self.schema)
    try settings.check(labels, classes: scores.shape[1])
    let logProbabilities = try withErrors { scores.logSoftmax(axis: 1) }
    let loss = wanted[0] ? try withErrors { settings.loss(logProbabilities, labels, weights) } : nil
    return [loss.map(Value.tensor), .tensor(logProbabilities)]
  }

  public func outputsToSave(needs: InputMask) -> OutputMask { .only(1) }

  public func saved(_ inputs: [Value?], _ outputs: [Value?], needs: InputMask) -> [Value?] {
    [outputs[1], inputs[1], inputs.count > 2 ? inputs[2] : nil]
  }

  public func pullback(_ gradients: [Tensor?], saved: [Value?], needs: InputMask) throws -> [Tensor?] {
    let logProbabilities = try tensor(saved, 0, of: Self.schema)
    let ofLoss = try gradients[0].map { gradient in
      try apply(
        SoftmaxCrossEntropyLossGradient(reduction: reduction, ignoreIndex: ignoreIndex), to: gradient,
        logProbabilities, try tensor(saved, 1, of: Self.schema), try optionalTensor(saved, 2, of: Self.schema))
    }
    guard gradients.count > 1, let gradient = gradients[1] else { return [ofLoss] }
    let ofOutput = try apply(LogSoftmaxGradient(axis: 1, flattensFromAxis: false), to: gradient, logProbabilities)
    return [ofLoss.map { $0 + ofOutput } ?? ofOutput]
  }
}

extension Tensor {
  /// The cross-entropy of the softmax of these scores with labels; see `SoftmaxCrossEntropyLoss`.
  public func softmaxCrossEntropy(
    _ labels: Tensor, weights: Tensor? = nil, reduction: LossReduction = .mean, ignoreIndex: Int? = nil
  ) -> Tensor {
    .catching {
      try apply(SoftmaxCrossEntropyLoss(reduction: reduction, ignoreIndex: ignoreIndex), to: self, labels, weights)
    }
  }
}
