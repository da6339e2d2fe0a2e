import ThawTypes

/// The negative log-probabilities of labels, weighed by class (ONNX NegativeLogLikelihoodLoss-12, 13, 22).
///
/// The scores are (samples, classes, places …). Class weights get no gradient, as in PyTorch.
public struct NegativeLogLikelihoodLoss: Primitive {
  public var reduction: LossReduction
  /// The label that counts for nothing.
  public var ignoreIndex: Int?

  public init(reduction: LossReduction = .mean, ignoreIndex: Int? = nil) {
    self.reduction = reduction
    self.ignoreIndex = ignoreIndex
  }

  private var settings: LabelLoss {
    LabelLoss(name: "NegativeLogLikelihoodLoss", reduction: reduction, ignoreIndex: ignoreIndex)
  }

  public static let schema = Schema(
    "NegativeLogLikelihoodLoss", versions: [12, 13, 22],
    inputs: [Input("input"), Input("target", .index), Input("weight", .index, optional: true)],
    outputs: [Output("loss")], batch: .mixing, autogradName: "NllLoss")

  public init(_ node: NodeReader) throws { (reduction, ignoreIndex) = try LabelLoss.settings(node) }

  public func attributes(opset: Int) throws -> [String: Attribute] { settings.attributes }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    let scores = try tensorType(inputs, 0, of: Self.schema)
    let labels = try tensorType(inputs, 1, of: Self.schema)
    return [.tensor(try settings.type(scores, labels, inputs.count > 2 ? inputs[2]?.tensor : nil))]
  }

  public func forward(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    _ = try outputTypes(inputs.map { $0?.type }, known: KnownValues())
    let scores = try tensor(inputs, 0, of: Self.schema)
    let labels = try tensor(inputs, 1, of: Self.schema)
    let weights = try optionalTensor(inputs, 2, of: Self.schema)
    try settings.check(labels, classes: scores.shape[1])
    return [.tensor(try withErrors { settings.loss(scores, labels, weights) })]
  }

  public func saved(_ inputs: [Value?], _ outputs: [Value?], needs: InputMask) -> [Value?] {
    [inputs[1], inputs.count > 2 ? inputs[2] : nil, (inputs[0]?.tensor).map { .tensor($0.shapeTensor()) }]
  }

  public func pullback(_ gradients: [Tensor?], saved: [Value?], needs: InputMask) throws -> [Tensor?] {
    guard let gradient = gradients[0] else { return [nil] }
    let (labels, weights) = settings.weighed(
      try tensor(saved, 0, of: Self.schema), try optionalTensor(saved, 1, of: Self.schema), dtype: gradient.dtype)
    let shares = -settings.shares(gradient, weights)
    let zeros = gradient.zeros(shape: try tensor(saved, 2, of: Self.schema))
    return [
      zeros.scatterElements(labels.unsqueezed(axes: [1]), shares.unsqueezed(axes: [1]), axis: 1, reduction: .add)
    ]
  }
}

extension Tensor {
  /// The negative of these log-probabilities at labels; see `NegativeLogLikelihoodLoss`.
  public func negativeLogLikelihood(
    _ labels: Tensor, weights: Tensor? = nil, reduction: LossReduction = .mean, ignoreIndex: Int? = nil
  ) -> Tensor {
    .catching {
      try apply(
        NegativeLogLikelihoodLoss(reduction: reduction, ignoreIndex: ignoreIndex), to: self, labels, weights)
    }
  }
}
