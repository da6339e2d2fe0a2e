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
    try weights.contents.check(targets: targets, in: node.name)
  }

  public func attributes(opset: Int) throws -> [String: Attribute] {
    weights.contents.attributes.merging(
      ["targets": .int(targets), "post_transform": .text(postTransform.rawValue)]) { $1 }
  }

  public func batchAxes(of batch: BatchLayout) -> [BatchAxis?] { batch.rowsOfFeatures() }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    let x = try FeatureRows(try tensorType(inputs, 0, of: Self.schema), in: Self.schema.name)
    try weights.contents.check(targets: targets, in: Self.schema.name)
    try x.check(features: weights.contents.coefficients.count / targets, in: Self.schema.name)
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

/// The weights of a linear model.
public struct LinearWeights: Hashable, Sendable {
  public let coefficients: [Float]
  public let intercepts: [Float]

  var attributes: [String: Attribute] {
    intercepts.isEmpty
      ? ["coefficients": .floats(coefficients)]
      : ["coefficients": .floats(coefficients), "intercepts": .floats(intercepts)]
  }

  /// - Throws: `TensorError` of kind `operand` when they are not for so many targets.
  func check(targets: Int, in name: String) throws {
    guard targets > 0, coefficients.count % targets == 0, intercepts.isEmpty || intercepts.count == targets else {
      throw TensorError(
        .operand,
        "\(name): \(coefficients.count) coefficients and \(intercepts.count) intercepts do not fit \(targets) targets")
    }
  }

  /// The sums of samples, `[samples, targets]`, in their type.
  func scores(_ samples: Tensor, targets: Int) throws -> Tensor {
    let shape = [targets, coefficients.count / targets]
    let matrix = try Tensor(copying: coefficients, shape: shape).transposed().contiguous().numbers(as: samples.dtype)
    let products = samples.matmul(matrix)
    if intercepts.isEmpty { return products }
    return products + (try Tensor(copying: intercepts, shape: nil).numbers(as: samples.dtype))
  }
}
