import ThawTypes

/// A support-vector machine's number for each sample, `[samples, 1]`, float32 (ONNX-ML SVMRegressor-1).
///
/// Without support vectors it is a linear model. Of one class it says 1 or -1, inside or outside, without a gradient. It
/// is computed in float64.
public struct SVMRegressor: Composite {
  public struct Weights: Hashable, Sendable {
    /// One for each support vector, or one for each feature.
    public let coefficients: [Float]
    /// Vector by vector; empty for a linear model.
    public let supportVectors: [Float]
  }

  public let weights: Bulk<Weights>
  public var offset: Float
  public var kernel: SVMKernel
  public var isOneClass: Bool
  public var postTransform: PostTransform

  public init(
    coefficients: [Float], supportVectors: [Float] = [], offset: Float, kernel: SVMKernel = .linear,
    isOneClass: Bool = false, postTransform: PostTransform = .none
  ) {
    weights = Bulk(Weights(coefficients: coefficients, supportVectors: supportVectors))
    self.offset = offset
    self.kernel = kernel
    self.isOneClass = isOneClass
    self.postTransform = postTransform
  }

  public static let schema = Schema(
    "SVMRegressor", domain: .onnxML, versions: [1], inputs: [Input("X")], batch: .rowwise)

  public init(_ node: NodeReader) throws {
    let coefficients = try node.required("coefficients", try node.floats("coefficients"))
    let vectors = try node.floats("support_vectors") ?? []
    let count = try node.int("n_supports", default: 0)
    let rho = try node.floats("rho") ?? []
    let kernel = try node.svmKernel()
    let isLinear = count == 0
    guard !coefficients.isEmpty, rho.count >= 1, isLinear || count == coefficients.count && !vectors.isEmpty,
      isLinear || vectors.count % coefficients.count == 0
    else {
      throw TensorError(
        .operand,
        "\(node.name): \(coefficients.count) coefficients, \(vectors.count) numbers of support vectors and "
          + "\(rho.count) of rho do not fit n_supports, \(count)")
    }
    self.init(
      coefficients: coefficients, supportVectors: isLinear ? [] : vectors, offset: rho[0],
      kernel: isLinear ? .linear : kernel, isOneClass: try node.flag("one_class", default: false),
      postTransform: try node.postTransform())
  }

  public func attributes(opset: Int) throws -> [String: Attribute] {
    let weights = weights.contents
    return kernel.attributes.merging([
      "coefficients": .floats(weights.coefficients), "support_vectors": .floats(weights.supportVectors),
      "n_supports": .int(weights.supportVectors.isEmpty ? 0 : weights.coefficients.count), "rho": .floats([offset]),
      "one_class": .int(isOneClass ? 1 : 0), "post_transform": .text(postTransform.rawValue),
    ]) { $1 }
  }

  public var isDifferentiable: Bool { !isOneClass }

  public func batchAxes(of batch: BatchLayout) -> [BatchAxis?] { batch.rowsOfFeatures() }

  private var featureCount: Int {
    let (vectors, coefficients) = (weights.contents.supportVectors.count, weights.contents.coefficients.count)
    return vectors == 0 ? coefficients : vectors / max(coefficients, 1)
  }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    let x = try FeatureRows(try tensorType(inputs, 0, of: Self.schema), in: Self.schema.name)
    try x.check(features: featureCount, in: Self.schema.name)
    return [.tensor(TensorType(.float32, [x.rows, 1]))]
  }

  public func body(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let x = try tensor(inputs, 0, of: Self.schema)
    _ = try outputTypes([.tensor(x.type)], known: KnownValues())
    let scores = try scores(x)
    if isOneClass { return [.tensor(((scores.detach() .> 0).cast(to: .float32) * 2) - 1)] }
    return [.tensor(scores.inSinglePrecision)]
  }

  /// The result in the precision that it is computed in.
  func scores(_ x: Tensor) throws -> Tensor {
    let samples = try x.featureRows(in: Self.schema.name, as: .float64)
    let weights = weights.contents
    let column = try Tensor(copying: weights.coefficients, shape: [weights.coefficients.count, 1])
      .numbers(as: .float64)
    guard !weights.supportVectors.isEmpty else { return postTransform(samples.matmul(column) + offset) }
    let vectors = try Tensor(copying: weights.supportVectors, shape: [weights.coefficients.count, featureCount])
      .numbers(as: .float64)
    return postTransform(kernel(samples, vectors).matmul(column) + offset)
  }
}
