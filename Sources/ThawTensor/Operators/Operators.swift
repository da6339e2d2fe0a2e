/// Every operator that Thaw knows, and the way from a node to one.
public enum Operators {
  /// One line an operator, sorted by domain and name.
  public static let all: [any Operator.Type] = [
    Abs.self,
    Acos.self,
    Acosh.self,
    Add.self,
    And.self,
    ArgMax.self,
    ArgMin.self,
    Asin.self,
    Asinh.self,
    Atan.self,
    Atanh.self,
    AveragePool.self,
    BatchNormalization.self,
    Cast.self,
    Ceil.self,
    Celu.self,
    Clip.self,
    Concat.self,
    ConstantOfShape.self,
    Conv.self,
    ConvTranspose.self,
    Cos.self,
    Cosh.self,
    Div.self,
    Dropout.self,
    Elu.self,
    Equal.self,
    Erf.self,
    Exp.self,
    Expand.self,
    Flatten.self,
    Floor.self,
    Gather.self,
    GatherElements.self,
    Gelu.self,
    Gemm.self,
    GlobalAveragePool.self,
    GlobalMaxPool.self,
    Greater.self,
    GreaterOrEqual.self,
    GRU.self,
    HardSigmoid.self,
    HardSwish.self,
    Identity.self,
    If.self,
    InstanceNormalization.self,
    IsInf.self,
    IsNaN.self,
    LayerNormalization.self,
    LeakyRelu.self,
    Less.self,
    LessOrEqual.self,
    Log.self,
    LogSoftmax.self,
    Loop.self,
    LSTM.self,
    MatMul.self,
    Max.self,
    MaxPool.self,
    Mean.self,
    Min.self,
    Mish.self,
    Mod.self,
    Mul.self,
    Neg.self,
    NegativeLogLikelihoodLoss.self,
    Not.self,
    OneHot.self,
    Or.self,
    Pad.self,
    Pow.self,
    PRelu.self,
    RangeOperator.self,
    Reciprocal.self,
    ReduceL1.self,
    ReduceL2.self,
    ReduceLogSum.self,
    ReduceLogSumExp.self,
    ReduceMax.self,
    ReduceMean.self,
    ReduceMin.self,
    ReduceProd.self,
    ReduceSum.self,
    ReduceSumSquare.self,
    Relu.self,
    Reshape.self,
    RNN.self,
    Round.self,
    Scan.self,
    ScatterElements.self,
    Selu.self,
    Shape.self,
    Sigmoid.self,
    Sign.self,
    Sin.self,
    Sinh.self,
    Size.self,
    Slice.self,
    Softmax.self,
    SoftmaxCrossEntropyLoss.self,
    Softplus.self,
    Softsign.self,
    Split.self,
    Sqrt.self,
    Squeeze.self,
    Sub.self,
    Sum.self,
    Tan.self,
    Tanh.self,
    ThresholdedRelu.self,
    Tile.self,
    Transpose.self,
    Unsqueeze.self,
    Where.self,
    Xor.self,

    // Thaw's own.
    AveragePoolGradient.self,
    BatchNormalizationGradient.self,
    ConvInputGradient.self,
    ConvWeightGradient.self,
    GatherGradient.self,
    LayerNormalizationGradient.self,
    LogSoftmaxGradient.self,
    MaxPoolGradient.self,
    SliceGradient.self,
    SoftmaxCrossEntropyLossGradient.self,
    SoftmaxGradient.self,
  ]

  /// The newest opset of ONNX that Thaw reads.
  public static let newestOpset = 28

  /// The opset that recordings are written in, unless an operator needs a newer one.
  public static let recordingOpset = 17

  private static let byName: [Name: any Operator.Type] = Dictionary(
    uniqueKeysWithValues: all.map { (Name(domain: $0.schema.domain.rawValue, name: $0.schema.name), $0) })

  private struct Name: Hashable {
    let domain: String
    let name: String
  }

  /// The operator of a name, nil when Thaw has none.
  ///
  /// - Parameter domain: as in a node; "ai.onnx" and "" are the same.
  public static func named(_ name: String, domain: String = "") -> (any Operator.Type)? {
    byName[Name(domain: domain == "ai.onnx" ? "" : domain, name: name)]
  }

  /// The version among an operator's that a model of `opset` means.
  ///
  /// - Throws: `TensorError` of kind `unsupported` when the opset is older than the oldest one Thaw decodes.
  public static func version(of type: any Operator.Type, opset: Int) throws -> Int {
    let schema = type.schema
    guard let version = schema.versions.last(where: { $0 <= opset }) else {
      throw TensorError(
        .unsupported,
        "\(schema.name) as opset \(opset) has it is not supported; the oldest version that is, is "
          + "\(schema.versions.first ?? 1)")
    }
    return version
  }

  /// Decodes a node.
  ///
  /// - Throws: `TensorError` of kind `operand` or `unsupported`, also for an attribute that the operator does not know.
  public static func decode(_ type: any Operator.Type, _ node: NodeReader) throws -> any Operator {
    let operation = try type.init(node)
    if let unknown = node.remainingAttributes.first {
      throw TensorError(
        .unsupported,
        "\(type.schema.name): the attribute '\(unknown)' is not one that version \(node.version) of the "
          + "operator has; Thaw cannot tell what it means")
    }
    return operation
  }
}
