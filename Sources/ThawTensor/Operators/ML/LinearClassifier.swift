import ThawTypes

/// The class with the greatest weighted sum of the features, and all sums (ONNX-ML LinearClassifier-1).
///
/// Samples `[samples, features]` give labels `[samples]` and float32 scores `[samples, classes]`. With one sum for two
/// classes the second wins above 0, and the scores are what `PostTransform.pair(_:)` makes of it.
public struct LinearClassifier: Composite {
  public let weights: Bulk<LinearWeights>
  public let labels: Bulk<ClassLabels>
  public var postTransform: PostTransform

  /// - Parameters:
  ///   - coefficients: one for each class and feature, class by class.
  ///   - intercepts: one for each class, or none.
  public init(
    coefficients: [Float], intercepts: [Float] = [], labels: ClassLabels, postTransform: PostTransform = .none
  ) {
    weights = Bulk(LinearWeights(coefficients: coefficients, intercepts: intercepts))
    self.labels = Bulk(labels)
    self.postTransform = postTransform
  }

  public static let schema = Schema(
    "LinearClassifier", domain: .onnxML, versions: [1], inputs: [Input("X")],
    outputs: [Output("Y", differentiable: false), Output("Z")], batch: .rowwise)

  public init(_ node: NodeReader) throws {
    self.init(
      coefficients: try node.required("coefficients", try node.floats("coefficients")),
      intercepts: try node.floats("intercepts") ?? [],
      labels: try node.classLabels(integers: "classlabels_ints", strings: "classlabels_strings"),
      postTransform: try node.postTransform())
    node.ignore("multi_class")
  }

  public func attributes(opset: Int) throws -> [String: Attribute] {
    weights.contents.attributes
      .merging(labels.contents.attributes(integers: "classlabels_ints", strings: "classlabels_strings")) { $1 }
      .merging(["post_transform": .text(postTransform.rawValue)]) { $1 }
  }

  public func batchAxes(of batch: BatchLayout) -> [BatchAxis?] { batch.rowsOfFeatures() }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    let (x, sums) = try sumCount(try tensorType(inputs, 0, of: Self.schema))
    return [
      .tensor(TensorType(labels.contents.dtype, [x.rows])),
      .tensor(TensorType(.float32, [x.rows, .known(sums == 1 && labels.contents.count == 2 ? 2 : sums)])),
    ]
  }

  /// How many sums there are for a sample: as many as intercepts, else as the coefficients give.
  private func sumCount(_ x: TensorType) throws -> (x: FeatureRows, count: Int) {
    let (name, rows) = (Self.schema.name, try FeatureRows(x, in: Self.schema.name))
    let weights = weights.contents
    let width = rows.features.value.map { max($0, 1) }
    let count =
      weights.intercepts.isEmpty
      ? width.map { weights.coefficients.count / $0 } ?? labels.contents.count : weights.intercepts.count
    try weights.check(rows, targets: count, in: name)
    guard count == 1 || count == labels.contents.count else {
      throw TensorError(.operand, "\(name): there are \(count) sums for \(labels.contents.count) classes")
    }
    return (rows, count)
  }

  public func body(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let x = try tensor(inputs, 0, of: Self.schema)
    let (_, count) = try sumCount(x.type)
    let sums = try sums(x, count: count)
    let label: Tensor
    if count == 1 {
      let isPositive = (sums.detach() .> 0).cast(to: .int64).reshaped(to: [-1])
      label = try apply(labels.contents.pair.encoder, to: isPositive)
    } else {
      label = try apply(labels.contents.encoder, to: sums.detach().argMax(axis: 1))
    }
    return [wanted[0] ? .tensor(label) : nil, .tensor(scores(sums).inSinglePrecision)]
  }

  private func sums(_ x: Tensor, count: Int) throws -> Tensor {
    try weights.contents.scores(try x.featureRows(in: Self.schema.name), targets: count)
  }

  private func scores(_ sums: Tensor) -> Tensor {
    guard sums.shape[1] == 1, labels.contents.count == 2 else { return postTransform(sums) }
    return postTransform.pair(sums)
  }

  /// The scores in the precision that they are computed in.
  func scores(of x: Tensor) throws -> Tensor { scores(try sums(x, count: try sumCount(x.type).count)) }
}
