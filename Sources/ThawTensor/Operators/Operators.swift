/// Every operator that Thaw knows, and the way from a node to one.
public enum Operators {
  /// One line an operator, sorted by domain and name.
  public static let all: [any Operator.Type] = [
    Abs.self,
    Acos.self,
    Acosh.self,
    Add.self,
    AffineGrid.self,
    And.self,
    ArgMax.self,
    ArgMin.self,
    Asin.self,
    Asinh.self,
    Atan.self,
    Atanh.self,
    Attention.self,
    AveragePool.self,
    BatchNormalization.self,
    Bernoulli.self,
    BitCast.self,
    BitShift.self,
    BitwiseAnd.self,
    BitwiseNot.self,
    BitwiseOr.self,
    BitwiseXor.self,
    BlackmanWindow.self,
    Cast.self,
    CastLike.self,
    CausalConvWithState.self,
    Ceil.self,
    Celu.self,
    CenterCropPad.self,
    Clip.self,
    Col2Im.self,
    Compress.self,
    Concat.self,
    ConstantOfShape.self,
    Conv.self,
    ConvInteger.self,
    ConvTranspose.self,
    Cos.self,
    Cosh.self,
    CumProd.self,
    CumSum.self,
    DeformConv.self,
    DepthToSpace.self,
    DequantizeLinear.self,
    Det.self,
    DFT.self,
    Div.self,
    Dropout.self,
    DynamicQuantizeLinear.self,
    Einsum.self,
    Elu.self,
    Equal.self,
    Erf.self,
    Exp.self,
    Expand.self,
    EyeLike.self,
    Flatten.self,
    Floor.self,
    Gather.self,
    GatherElements.self,
    GatherND.self,
    Gelu.self,
    Gemm.self,
    GlobalAveragePool.self,
    GlobalLpPool.self,
    GlobalMaxPool.self,
    Greater.self,
    GreaterOrEqual.self,
    GridSample.self,
    GroupNormalization.self,
    GRU.self,
    HammingWindow.self,
    HannWindow.self,
    Hardmax.self,
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
    LinearAttention.self,
    Log.self,
    LogSoftmax.self,
    Loop.self,
    LpNormalization.self,
    LpPool.self,
    LRN.self,
    LSTM.self,
    MatMul.self,
    MatMulInteger.self,
    Max.self,
    MaxPool.self,
    MaxRoiPool.self,
    MaxUnpool.self,
    Mean.self,
    MeanVarianceNormalization.self,
    MelWeightMatrix.self,
    Min.self,
    Mish.self,
    Mod.self,
    Mul.self,
    Multinomial.self,
    Neg.self,
    NegativeLogLikelihoodLoss.self,
    NonMaxSuppression.self,
    NonZero.self,
    Not.self,
    OneHot.self,
    Or.self,
    Pad.self,
    Pow.self,
    PRelu.self,
    QLinearConv.self,
    QLinearMatMul.self,
    QuantizeLinear.self,
    RandomNormal.self,
    RandomNormalLike.self,
    RandomUniform.self,
    RandomUniformLike.self,
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
    Resize.self,
    ReverseSequence.self,
    RMSNormalization.self,
    RNN.self,
    RoiAlign.self,
    RotaryEmbedding.self,
    Round.self,
    Scan.self,
    Scatter.self,
    ScatterElements.self,
    ScatterND.self,
    Selu.self,
    Shape.self,
    Shrink.self,
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
    SpaceToDepth.self,
    Split.self,
    Sqrt.self,
    Squeeze.self,
    STFT.self,
    Sub.self,
    Sum.self,
    SwiGLU.self,
    Swish.self,
    Tan.self,
    Tanh.self,
    TensorScatter.self,
    ThresholdedRelu.self,
    Tile.self,
    TopK.self,
    Transpose.self,
    Trilu.self,
    Unique.self,
    Unsqueeze.self,
    Upsample.self,
    Where.self,
    Xor.self,

    // Thaw's own.
    AveragePoolGradient.self,
    BatchNormalizationGradient.self,
    ConvInputGradient.self,
    ConvWeightGradient.self,
    GatherGradient.self,
    GeluGradient.self,
    LayerNormalizationGradient.self,
    LogSoftmaxGradient.self,
    MaxPoolGradient.self,
    ResizeGradient.self,
    SliceGradient.self,
    SoftmaxCrossEntropyLossGradient.self,
    SoftmaxGradient.self,
  ]

  /// The newest opset of ONNX that Thaw reads.
  public static let newestOpset = 28

  /// The opset that recordings are written in, unless an operator needs a newer one.
  public static let recordingOpset = 17

  /// The operator of a name, nil when Thaw has none.
  ///
  /// - Parameter domain: as in a node; "ai.onnx" and "" are the same.
  public static func named(_ name: String, domain: String = "") -> (any Operator.Type)? {
    builtIn.named(name, domain: domain)
  }

  private static let builtIn = OperatorSet(all)

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
    let operation = try type.init(node).broadcasting(as: node)
    // Which inputs an operation may overwrite.
    if node.version < 7 { node.ignore("consumed_inputs") }
    if let unknown = node.remainingAttributes.first {
      throw TensorError(
        .unsupported,
        "\(type.schema.name): the attribute '\(unknown)' is not one that version \(node.version) of the "
          + "operator has; Thaw cannot tell what it means")
    }
    return operation
  }
}
