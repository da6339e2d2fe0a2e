import ThawTypes

/// The gradient of `SoftmaxCrossEntropyLoss`: (softmax − one-hot) times each label's share of the loss.
public struct SoftmaxCrossEntropyLossGradient: Expandable {
  public var reduction: LossReduction
  public var ignoreIndex: Int?

  public init(reduction: LossReduction = .mean, ignoreIndex: Int? = nil) {
    self.reduction = reduction
    self.ignoreIndex = ignoreIndex
  }

  private var settings: LabelLoss {
    LabelLoss(name: "SoftmaxCrossEntropyLossGradient", reduction: reduction, ignoreIndex: ignoreIndex)
  }

  public static let schema = Schema(
    "SoftmaxCrossEntropyLossGradient", domain: .thaw, versions: [1],
    inputs: [
      Input("dLoss"), Input("log_prob"), Input("labels", .index), Input("weights", .index, optional: true),
    ], outputs: [Output("dScores")], batch: .mixing)

  public init(_ node: NodeReader) throws { (reduction, ignoreIndex) = try LabelLoss.settings(node) }

  public func attributes(opset: Int) throws -> [String: Attribute] { settings.attributes }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    [.tensor(try tensorType(inputs, 1, of: Self.schema))]
  }

  public func forward(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let logProbabilities = try tensor(inputs, 1, of: Self.schema)
    let labels = try tensor(inputs, 2, of: Self.schema)
    let weights = try optionalTensor(inputs, 3, of: Self.schema)
    _ = try settings.type(logProbabilities.type, labels.type, weights?.type)
    try settings.check(labels, classes: logProbabilities.shape[1])
    return try withErrors { try expansion(inputs, wanted: wanted) }
  }

  public func expansion(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let gradient = try tensor(inputs, 0, of: Self.schema)
    let logProbabilities = try tensor(inputs, 1, of: Self.schema)
    let (labels, weights) = settings.weighed(
      try tensor(inputs, 2, of: Self.schema), try optionalTensor(inputs, 3, of: Self.schema),
      dtype: logProbabilities.dtype)
    let shares = settings.shares(gradient, weights).unsqueezed(axes: [1])
    let softmax = logProbabilities.exp() * shares
    return [.tensor(softmax.scatterElements(labels.unsqueezed(axes: [1]), -shares, axis: 1, reduction: .add))]
  }
}
