import ThawTypes

/// Elements set to zero at random while training, the others scaled up to keep the mean; in inference the data itself
/// (ONNX Dropout-1, 6, 7, 10, 12, 13, 22).
///
/// With a seed the mask is a function of seed and size alone: the same at every call, as ONNX's reference has it.
/// Without one the numbers come from a generator.
public struct Dropout: Primitive {
  public var seed: Int?
  /// Where the numbers come from without a seed; nil for `RandomGenerator.default`. A file cannot hold it.
  public var generator: RandomGenerator?
  /// Before version 10 the mask's zeros and ones are of the data's type, not bool.
  public var masksInDataType: Bool

  public init(seed: Int? = nil, generator: RandomGenerator? = nil, masksInDataType: Bool = false) {
    self.seed = seed
    self.generator = generator
    self.masksInDataType = masksInDataType
  }

  public static let schema = Schema(
    "Dropout", versions: [1, 6, 7, 10, 12, 13, 22],
    inputs: [
      Input("data"), Input("ratio", .setting, optional: true), Input("training_mode", .index, optional: true),
    ],
    outputs: [Output("output"), Output("mask", optional: true, differentiable: false)], batch: .drawing,
    autogradName: "NativeDropout")

  /// Versions before 7 say by an attribute whether to train, those before 12 never do.
  public init(_ node: NodeReader) throws {
    self.init(
      seed: node.version >= 12 ? try node.int("seed") : nil,
      masksInDataType: node.version < 10 && node.outputCount > 1)
    guard node.version < 12 else { return }
    node.supply(try Tensor(copying: [try node.float("ratio", default: 0.5)], shape: []), asInput: 1)
    if node.version < 7 {
      node.supply(try Tensor(copying: [!node.flag("is_test", default: false)], shape: []), asInput: 2)
    }
  }

  public func attributes(opset: Int) throws -> [String: Attribute] {
    guard masksInDataType == (opset < 10) else {
      throw TensorError(
        .unsupported,
        "Dropout: opset \(opset) does not give the mask in \(masksInDataType ? "the data's type" : "bool")")
    }
    return seed.map { ["seed": .int($0)] } ?? [:]
  }

  public var minimumOpset: Int { masksInDataType ? 7 : 12 }

  public var draws: Bool { seed == nil }

  /// Nothing is drawn in inference.
  public func batchAxes(of batch: BatchLayout) -> [BatchAxis?] {
    let draws = batch.input(2).map { ((try? $0.value?.item()) ?? 1) != 0 } ?? false
    return draws ? batch.mixed : batch.kept()
  }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    let data = try tensorType(inputs, 0, of: Self.schema)
    guard data.dtype.isFloatingPoint else {
      throw TensorError(.dtype, "Dropout: the data is \(data), and only floating-point numbers are dropped")
    }
    if let trains = try optionalTensorType(inputs, 2, of: Self.schema), trains.dtype != .bool {
      throw TensorError(.dtype, "Dropout: training_mode should be bool and is \(trains.dtype)")
    }
    return [.tensor(data), .tensor(TensorType(masksInDataType ? data.dtype : .bool, data.dims))]
  }

  public func forward(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let source = seed.map { RandomGenerator(ofOperation: UInt64(bitPattern: Int64($0))) } ?? generator ?? .default
    return try forward(inputs, wanted: wanted) { try source.uniform($0) }
  }

  /// Drops where a number of those that `draw` gives for a shape is below the ratio.
  func forward(_ inputs: [Value?], wanted: OutputMask, draw: ([Int]) throws -> Tensor) throws -> [Value?] {
    let data = try tensor(inputs, 0, of: Self.schema)
    _ = try outputTypes(inputs.map { $0?.type }, known: KnownValues())
    let maskType = masksInDataType ? data.dtype : .bool
    let trains = try optionalTensor(inputs, 2, of: Self.schema).map { try $0.item() != 0 } ?? false
    let ratio = try optionalTensor(inputs, 1, of: Self.schema)?.item() ?? 0.5
    guard trains, ratio != 0 else {
      return [.tensor(data), wanted[1] ? .tensor(try Tensor.full(data.shape, 1, dtype: maskType)) : nil]
    }
    guard ratio > 0, ratio < 1 else {
      throw TensorError(.range, "Dropout: the ratio is \(ratio), and should be at least 0 and below 1")
    }
    return try withErrors {
      let mask = try draw(data.shape) .>= ratio
      return [
        .tensor(Tensor.where(mask, data * (1 / (1 - ratio)), 0)), wanted[1] ? .tensor(mask.asType(maskType)) : nil,
      ]
    }
  }

  public func outputsToSave(needs: InputMask) -> OutputMask { .only(1) }

  /// In inference nothing is read.
  public func saved(_ inputs: [Value?], _ outputs: [Value?], needs: InputMask) -> [Value?] {
    guard inputs.count > 2, let trains = inputs[2], !isKnownFalse(trains) else { return [nil, nil, nil] }
    return [outputs[1], inputs[1], inputs[2]]
  }

  private func isKnownFalse(_ value: Value) -> Bool { (try? value.tensor?.item()) == 0 }

  public func pullback(_ gradients: [Tensor?], saved: [Value?], needs: InputMask) throws -> [Tensor?] {
    guard let gradient = gradients[0] else { return [nil, nil, nil] }
    guard let mask = try optionalTensor(saved, 0, of: Self.schema) else { return [gradient, nil, nil] }
    let ratio = try optionalTensor(saved, 1, of: Self.schema)?.asType(gradient.dtype) ?? gradient.scalar(0.5)
    let dropped = Tensor.where(mask.asType(.bool), gradient / (1 - ratio), 0)
    let trains = try tensor(saved, 2, of: Self.schema)
    return [trains.isTraced ? Tensor.where(trains, dropped, gradient) : dropped, nil, nil]
  }
}

extension Dropout: Superseded {
  package var isSuperseded: Bool { masksInDataType }

  /// The same with a mask of bool, converted.
  package func successor(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let outputs = try apply(Dropout(seed: seed, generator: generator), to: inputs, wanted: wanted)
    guard outputs.count > 1, let mask = outputs[1]?.tensor else { return outputs }
    return [outputs[0], .tensor(mask.asType(try tensor(inputs, 0, of: Self.schema).dtype))]
  }
}

extension Tensor {
  /// Elements set to zero at random with this probability, the others scaled up, when `training`; see `Dropout`.
  ///
  /// - Parameter generator: where the random numbers come from; `RandomGenerator.default` when left out.
  public func dropout(ratio: Double = 0.5, training: Bool = true, generator: RandomGenerator? = nil) -> Tensor {
    .catching {
      try apply(
        Dropout(generator: generator), to: self, Tensor.scalar(ratio, dtype: .float32), Tensor([training], shape: []))
    }
  }
}
