import ThawKernels
import ThawTypes

/// Each channel of a batch shifted and scaled to mean B and deviation scale (ONNX BatchNormalization-1, 6, 7, 9, 14, 15).
///
/// In inference the statistics are inputs. In training they are the batch's own, and running ones come out: old ·
/// momentum + batch · (1 − momentum), with the population's variance. PyTorch's momentum weighs the batch instead, and
/// its running variance is the unbiased one; here the file's meaning holds. Gradients do not flow through running
/// statistics. Before version 14 more than one output means training.
public struct BatchNormalization: Primitive {
  public var epsilon: Float
  public var momentum: Float
  public var trainingMode: Bool
  /// Whether a channel's statistics are taken over its spatial axes too; always, from version 9 on.
  public var isSpatial: Bool

  public init(epsilon: Float = 1e-5, momentum: Float = 0.9, trainingMode: Bool = false, isSpatial: Bool = true) {
    self.epsilon = epsilon
    self.momentum = momentum
    self.trainingMode = trainingMode
    self.isSpatial = isSpatial
  }

  /// The saved statistics, which versions before 14 give, are what the gradient is computed from.
  public static let schema = Schema(
    "BatchNormalization", versions: [1, 6, 7, 9, 14, 15],
    inputs: [
      Input("X"), Input("scale", .weight), Input("B", .weight), Input("input_mean", .buffer),
      Input("input_var", .buffer),
    ],
    outputs: [
      Output("Y"), Output("running_mean", optional: true, differentiable: false),
      Output("running_var", optional: true, differentiable: false), Output("saved_mean", optional: true),
      Output("saved_var", optional: true),
    ], batch: .mixing, autogradName: "NativeBatchNorm")

  public init(_ node: NodeReader) throws {
    let trainingMode =
      node.version >= 14
      ? try node.flag("training_mode", default: false)
      : node.version < 7 ? try !node.flag("is_test", default: false) : node.outputCount > 1
    self.init(
      epsilon: try node.float("epsilon", default: 1e-5), momentum: try node.float("momentum", default: 0.9),
      trainingMode: trainingMode, isSpatial: node.version < 9 ? try node.flag("spatial", default: true) : true)
  }

  public func attributes(opset: Int) throws -> [String: Attribute] {
    var attributes: [String: Attribute] = ["epsilon": .float(epsilon), "momentum": .float(momentum)]
    if opset < 7 { attributes["is_test"] = .int(trainingMode ? 0 : 1) }
    if opset >= 14, trainingMode { attributes["training_mode"] = .int(1) }
    guard isSpatial || opset < 9 else {
      throw TensorError(
        .unsupported,
        "BatchNormalization with statistics for each place, as before version 9, cannot be said in opset "
          + "\(opset)")
    }
    if !isSpatial { attributes["spatial"] = .int(0) }
    return attributes
  }

  public var minimumOpset: Int { isSpatial ? (trainingMode ? 14 : 7) : (trainingMode ? 1 : 7) }

  public func batchAxes(of batch: BatchLayout) -> [BatchAxis?] { trainingMode ? batch.mixed : batch.rowwise() }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    let x = try tensorType(inputs, 0, of: Self.schema)
    let parameters = try (1..<5).map { try tensorType(inputs, $0, of: Self.schema) }
    for type in [x] + parameters where !type.dtype.isFloatingPoint {
      throw TensorError(
        .dtype, "BatchNormalization: an input is \(type), and only floating-point numbers are normalized")
    }
    if x.dims?.isEmpty ?? false {
      throw TensorError(.shape, "BatchNormalization: X is a scalar, and should have at least a batch axis")
    }
    let statistics = x.dims.map { $0.count < 2 ? [.known(1)] : isSpatial ? [$0[1]] : Array($0[1...]) }
    for (index, type) in parameters.enumerated() {
      guard let dims = type.dims, let statistics else { continue }
      let fits =
        dims.count == statistics.count
        && zip(dims, statistics).allSatisfy { $0.value == nil || $1.value == nil || $0 == $1 }
      guard fits else {
        throw TensorError(
          .shape,
          "BatchNormalization: input \(index + 1) (\(Self.schema.inputs[index + 1].name)) is \(type), and for X of "
            + "\(x) its shape should be [\(statistics.map(\.description).joined(separator: ", "))]")
      }
    }
    let types = parameters[2...].map { ValueType.tensor(TensorType($0.dtype, statistics ?? $0.dims)) }
    return [.tensor(x)] + types + types
  }

  public func forward(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let x = try tensor(inputs, 0, of: Self.schema)
    let parameters = try (1..<5).map { try tensor(inputs, $0, of: Self.schema) }
    _ = try outputTypes(inputs.map { $0?.type }, known: KnownValues())
    let channels = BatchChannels(x.shape, isSpatial: isSpatial)
    let dtype = DType.widest([x.dtype] + parameters.map(\.dtype))
    let request = channels.request(trainingMode ? .training : .inference, dtype: dtype, epsilon: epsilon)
    return try withErrors {
      let operands = try ([x] + parameters).map { try $0.asType(dtype).contiguous() }
      if !trainingMode {
        let y = try compute(request, operands, outputs: [(dtype, x.shape)])
        return [(y[0]?.asType(x.dtype)).map(Value.tensor), nil, nil, nil, nil]
      }
      guard channels.batch * channels.spatial > 0 else {
        throw TensorError(.shape, "BatchNormalization: an empty batch has no statistics to train with; X is \(x.type)")
      }
      let shape = parameters[2].shape
      let results = try compute(
        request, Array(operands[..<3]), outputs: [(dtype, x.shape), (dtype, shape), (dtype, shape)])
      let statistics = zip(results[1...], parameters[2...]).map { $0?.asType($1.dtype) }
      let weight = Double(momentum)
      let running = zip(statistics, parameters[2...]).enumerated().map { index, pair in
        wanted[1 + index] ? pair.0.map { pair.1 * weight + $0 * (1 - weight) } : nil
      }
      return ([results[0]?.asType(x.dtype)] + running + statistics).map { $0.map(Value.tensor) }
    }
  }

  /// A recording may become a file, and ONNX's newest version does not give the batch's statistics; the gradient then
  /// computes them again.
  public func outputsToSave(needs: InputMask) -> OutputMask {
    trainingMode && needsStatistics(needs) && Context.current.recorder?.isForFile != true ? .only(3, 4) : .none
  }

  private func needsStatistics(_ needs: InputMask) -> Bool {
    needs[0] || needs[1] || (!trainingMode && (needs[3] || needs[4]))
  }

  /// In inference the gradient of X needs no X.
  public func saved(_ inputs: [Value?], _ outputs: [Value?], needs: InputMask) -> [Value?] {
    guard needsStatistics(needs) else { return [nil, nil, nil, nil] }
    let needsX = trainingMode ? needs[0] || needs[1] : needs[1] || needs[4]
    return [needsX ? inputs[0] : nil, inputs[1]]
      + (trainingMode ? [outputs[3], outputs[4]] : [inputs[3], inputs[4]])
  }

  public func pullback(_ gradients: [Tensor?], saved: [Value?], needs: InputMask) throws -> [Tensor?] {
    var result: [Tensor?] = [nil, nil, nil, nil, nil]
    if let gradient = gradients[0], needsStatistics(needs) {
      let saved = try withStatistics(saved)
      let operation = BatchNormalizationGradient(epsilon: epsilon, trainingMode: trainingMode, isSpatial: isSpatial)
      let byMean = !trainingMode && needs[3]
      let byVariance = !trainingMode && needs[4]
      let outputs = try apply(
        operation, to: [.tensor(gradient)] + saved,
        wanted: OutputMask([needs[0], needs[1] || byVariance, needs[2] || byMean])
      ).map { $0?.tensor }
      result = [needs[0] ? outputs[0] : nil, needs[1] ? outputs[1] : nil, needs[2] ? outputs[2] : nil, nil, nil]
      if byMean || byVariance {
        let scale = try tensor(saved, 1, of: Self.schema)
        let variance = try tensor(saved, 3, of: Self.schema)
        let deviation = (variance + Double(epsilon)).sqrt()
        if byMean, let bias = outputs[2] { result[3] = -(bias * scale).asType(variance.dtype) / deviation }
        if byVariance, let slope = outputs[1] {
          result[4] = (slope * scale * -0.5).asType(variance.dtype) / (deviation * deviation)
        }
      }
    } else if let gradient = gradients[0], needs[2] {
      let axes = BatchChannels(gradient.shape, isSpatial: isSpatial).axes
      result[2] = gradient.sum(axes: axes, keepDims: gradient.rank < 2)
    }
    if needs[0], gradients[3] != nil || gradients[4] != nil {
      let byStatistics = try pullbackOfStatistics(gradients[3], gradients[4], saved)
      result[0] = result[0].map { $0 + byStatistics } ?? byStatistics
    }
    return result
  }
}

extension Tensor {
  /// Each channel normalized with given statistics; see `BatchNormalization`.
  public func batchNormalization(
    scale: Tensor, bias: Tensor, mean: Tensor, variance: Tensor, epsilon: Float = 1e-5
  ) -> Tensor {
    .catching { try apply(BatchNormalization(epsilon: epsilon), to: self, scale, bias, mean, variance) }
  }
}
