import ThawTypes

/// A weighted sum of the features for each target, in float32 (ONNX-ML LinearRegressor-1).
///
/// Samples `[samples, features]` give `[samples, targets]`. Of float64 features it is computed in float64.
public struct LinearRegressor: Composite {
  public let weights: Bulk<LinearWeights>
  public var targets: Int
  public var postTransform: PostTransform

  /// - Parameters:
  ///   - coefficients: one for each target and feature, target by target.
  ///   - intercepts: one for each target, or none.
  public init(
    coefficients: [Float], intercepts: [Float] = [], targets: Int = 1, postTransform: PostTransform = .none
  ) {
    weights = Bulk(LinearWeights(coefficients: coefficients, intercepts: intercepts))
    self.targets = targets
    self.postTransform = postTransform
  }

  public static let schema = Schema(
    "LinearRegressor", domain: .onnxML, versions: [1], inputs: [Input("X")], batch: .rowwise)

  public init(_ node: NodeReader) throws {
    self.init(
      coefficients: try node.required("coefficients", try node.floats("coefficients")),
      intercepts: try node.floats("intercepts") ?? [], targets: try node.int("targets", default: 1),
      postTransform: try node.postTransform())
  }

  public func attributes(opset: Int) throws -> [String: Attribute] {
    weights.contents.attributes.merging(
      ["targets": .int(targets), "post_transform": .text(postTransform.rawValue)]) { $1 }
  }

  public func batchAxes(of batch: BatchLayout) -> [BatchAxis?] { batch.rowsOfFeatures() }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    let x = try FeatureRows(try tensorType(inputs, 0, of: Self.schema), in: Self.schema.name)
    try weights.contents.check(x, targets: targets, in: Self.schema.name)
    return [.tensor(TensorType(.float32, [x.rows, .known(targets)]))]
  }

  public func body(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let x = try tensor(inputs, 0, of: Self.schema)
    _ = try outputTypes([.tensor(x.type)], known: KnownValues())
    return [.tensor(try scores(x).inSinglePrecision)]
  }

  /// The result in the precision that it is computed in.
  func scores(_ x: Tensor) throws -> Tensor {
    postTransform(try weights.contents.scores(try x.featureRows(in: Self.schema.name), targets: targets))
  }
}

/// The weights of a linear model: for each target as many as a sample has features, target by target.
///
/// Coefficients beyond these are left out, as ONNX Runtime does: files with more of them are in use.
public struct LinearWeights: Hashable, Sendable {
  public let coefficients: [Float]
  public let intercepts: [Float]

  var attributes: [String: Attribute] {
    intercepts.isEmpty
      ? ["coefficients": .floats(coefficients)]
      : ["coefficients": .floats(coefficients), "intercepts": .floats(intercepts)]
  }

  /// - Throws: `TensorError` of kind `operand` when there are too few for so many targets.
  func check(_ samples: FeatureRows, targets: Int, in name: String) throws {
    let (needed, overflow) = (samples.features.value ?? 0).multipliedReportingOverflow(by: max(targets, 0))
    guard targets > 0, !overflow, coefficients.count >= needed, intercepts.isEmpty || intercepts.count == targets else {
      throw TensorError(
        .operand,
        "\(name): \(coefficients.count) coefficients and \(intercepts.count) intercepts do not fit \(targets) targets "
          + "and \(samples.features) features")
    }
  }

  /// The sums of samples, `[samples, targets]`, in their type.
  func scores(_ samples: Tensor, targets: Int) throws -> Tensor {
    let shape = [targets, samples.shape[1]]
    let matrix = try Tensor(copying: Array(coefficients.prefix(shape[0] * shape[1])), shape: shape)
    let products = samples.matmul(try matrix.numbers(as: samples.dtype).transposed())
    if intercepts.isEmpty { return products }
    return products + (try Tensor(copying: intercepts, shape: nil).numbers(as: samples.dtype))
  }
}
