import ThawKernels
import ThawTypes

/// The gradients of `BatchNormalization` with respect to X, scale and B.
///
/// Mean and variance are those that the forward pass normalized with; in training they are the batch's, and what flows
/// through them is part of the gradient. X may be absent in inference when dScale is not wanted.
public struct BatchNormalizationGradient: Expandable {
  public var epsilon: Float
  public var trainingMode: Bool
  public var isSpatial: Bool

  public init(epsilon: Float = 1e-5, trainingMode: Bool, isSpatial: Bool = true) {
    self.epsilon = epsilon
    self.trainingMode = trainingMode
    self.isSpatial = isSpatial
  }

  public static let schema = Schema(
    "BatchNormalizationGradient", domain: .thaw, versions: [1],
    inputs: [Input("dY"), Input("X", optional: true), Input("scale", .weight), Input("mean"), Input("var")],
    outputs: [Output("dX", optional: true), Output("dScale", optional: true), Output("dB", optional: true)],
    batch: .mixing)

  public init(_ node: NodeReader) throws {
    self.init(
      epsilon: try node.float("epsilon", default: 1e-5), trainingMode: try node.flag("training_mode", default: false),
      isSpatial: try node.flag("spatial", default: true))
  }

  public func attributes(opset: Int) throws -> [String: Attribute] {
    [
      "epsilon": .float(epsilon), "training_mode": .int(trainingMode ? 1 : 0), "spatial": .int(isSpatial ? 1 : 0),
    ]
  }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    let gradient = try tensorType(inputs, 0, of: Self.schema)
    let x = try optionalTensorType(inputs, 1, of: Self.schema)
    let scale = try tensorType(inputs, 2, of: Self.schema)
    // The forward operator's own check, B taking scale's type.
    let types = try BatchNormalization(epsilon: epsilon, trainingMode: trainingMode, isSpatial: isSpatial).outputTypes(
      [inputs[0], inputs[2], inputs[2]] + inputs.dropFirst(3), known: KnownValues())
    if let shape = gradient.shape, let other = x?.shape, shape != other {
      throw TensorError(
        .shape, "BatchNormalizationGradient: dY has shape \(shape) and X \(other); they should agree")
    }
    let channel = ValueType.tensor(TensorType(scale.dtype, types[1].tensor?.dims))
    return [.tensor(TensorType(x?.dtype ?? gradient.dtype, gradient.dims)), channel, channel]
  }

  public func forward(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let (gradient, x, parameters) = try operands(inputs, wanted: wanted)
    let channels = BatchChannels(gradient.shape, isSpatial: isSpatial)
    let dtype = DType.widest([gradient.dtype] + parameters.map(\.dtype))
    let request = channels.request(
      trainingMode ? .backwardTraining : .backwardInference, dtype: dtype, epsilon: epsilon)
    return try withErrors {
      let shape = parameters[0].shape
      let results = try compute(
        request, ([gradient, x ?? gradient] + parameters).map { try $0.asType(dtype).contiguous() },
        outputs: [wanted[0] ? (dtype, gradient.shape) : nil] + (1...2).map { wanted[$0] ? (dtype, shape) : nil })
      let types = [gradient.dtype, parameters[0].dtype, parameters[0].dtype]
      return zip(results, types).map { result, type in (result?.asType(type)).map(Value.tensor) }
    }
  }

  private func operands(
    _ inputs: [Value?], wanted: OutputMask
  ) throws -> (gradient: Tensor, x: Tensor?, parameters: [Tensor]) {
    _ = try outputTypes(inputs.map { $0?.type }, known: KnownValues())
    let x = try optionalTensor(inputs, 1, of: Self.schema)
    guard x != nil || !(trainingMode || wanted[1]) else {
      throw TensorError(.operand, "BatchNormalizationGradient: input 1 (X) is missing, and a wanted gradient reads it")
    }
    return (
      try tensor(inputs, 0, of: Self.schema), x, try (2..<5).map { try tensor(inputs, $0, of: Self.schema) }
    )
  }

  public func expansion(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let (gradient, x, parameters) = try operands(inputs, wanted: wanted)
    let dtype = DType.widest([gradient.dtype] + parameters.map(\.dtype))
    let dy = gradient.asType(dtype)
    let (scale, mean) = (parameters[0].asType(dtype), parameters[1].asType(dtype))
    let inverse = 1 / (parameters[2].asType(dtype) + Double(epsilon)).sqrt()
    let axes = BatchChannels(gradient.shape, isSpatial: isSpatial).axes
    func column(_ values: Tensor) -> Tensor { channelColumn(values, rank: gradient.rank, isSpatial: isSpatial) }
    func channel(_ reduced: Tensor) -> Value {
      .tensor(reduced.reshaped(to: parameters[0].shapeTensor()).asType(parameters[0].dtype))
    }
    let centered = x.map { $0.asType(dtype) - column(mean) }
    var inner = dy
    if trainingMode, let centered {
      let slope = (dy * centered).mean(axes: axes, keepDims: true) * column(inverse * inverse)
      inner = dy - dy.mean(axes: axes, keepDims: true) - centered * slope
    }
    return [
      wanted[0] ? .tensor((inner * column(scale * inverse)).asType(gradient.dtype)) : nil,
      wanted[1] ? centered.map { channel((dy * $0).sum(axes: axes, keepDims: true) * column(inverse)) } : nil,
      wanted[2] ? channel(dy.sum(axes: axes, keepDims: true)) : nil,
    ]
  }
}
