import ThawTypes

/// What decision trees say of each sample (ONNX-ML TreeEnsembleRegressor-1, 3, 5).
///
/// Samples `[samples, features]` give float32 scores `[samples, targets]`: the trees' weights aggregated, base values
/// added, transformed. Sums are in float32, of float64 samples in float64.
public struct TreeEnsembleRegressor: Primitive {
  public let trees: Bulk<Forest>
  public var aggregation: Forest.Aggregation
  public var postTransform: PostTransform
  /// One for each target, or none.
  public let baseValues: [Double]

  public init(
    _ forest: Forest, aggregation: Forest.Aggregation = .sum, postTransform: PostTransform = .none,
    baseValues: [Double] = []
  ) {
    trees = Bulk(forest)
    self.aggregation = aggregation
    self.postTransform = postTransform
    self.baseValues = baseValues
  }

  public static let schema = Schema(
    "TreeEnsembleRegressor", domain: .onnxML, versions: [1, 3, 5], inputs: [Input("X")], batch: .rowwise,
    differentiability: .never(because: "a tree's answer is constant between its thresholds"))

  public init(_ node: NodeReader) throws {
    let targets = try node.int("n_targets", default: 1)
    let name = try node.string("aggregate_function") ?? "SUM"
    guard let aggregation = Forest.Aggregation(rawValue: name) else {
      throw TensorError(
        .unsupported,
        "\(node.name): the attribute aggregate_function is '\(name)', and should be one of "
          + Forest.Aggregation.allCases.map(\.rawValue).joined(separator: ", "))
    }
    let base = try node.numbers("base_values")
    guard base.isEmpty || base.count == targets else {
      throw TensorError(.operand, "\(node.name): there are \(base.count) base_values for \(targets) targets")
    }
    self.init(
      try Forest(node, .target, targetCount: targets), aggregation: aggregation,
      postTransform: try node.postTransform(), baseValues: base)
  }

  public func attributes(opset: Int) throws -> [String: Attribute] {
    let forest = trees.contents
    let own: [String: Attribute] = [
      "n_targets": .int(forest.targetCount), "aggregate_function": .text(aggregation.rawValue),
      "post_transform": .text(postTransform.rawValue),
    ]
    return try forest.attributes(.target, opset: opset, in: Self.schema.name)
      .merging(Forest.numbers("base_values", baseValues, opset, Self.schema.name)) { $1 }.merging(own) { $1 }
  }

  public var minimumOpset: Int { trees.contents.fitsFloats && baseValues.fitFloats ? 1 : 3 }

  public func batchAxes(of batch: BatchLayout) -> [BatchAxis?] { batch.rowsOfFeatures() }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    let rows = try trees.contents.rows(try tensorType(inputs, 0, of: Self.schema), in: Self.schema.name)
    return [.tensor(TensorType(.float32, [rows, .known(trees.contents.targetCount)]))]
  }

  public func forward(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let x = try tensor(inputs, 0, of: Self.schema)
    let scores = try trees.contents.targetScores(x, aggregation, postTransform, baseValues, in: Self.schema.name)
    return [.tensor(try withErrors { scores.inSinglePrecision })]
  }
}

extension Forest {
  /// How many samples a tensor holds for these trees.
  func rows(_ x: TensorType, in name: String) throws -> Dim {
    let rows = try FeatureRows(x, in: name)
    if let width = rows.features.value, width < featureCount {
      throw TensorError(.shape, "\(name): X has \(width) features, and the trees look at \(featureCount)")
    }
    return rows.rows
  }

  /// The score of each sample and target, in float32 or, of float64 samples, float64.
  func targetScores(
    _ x: Tensor, _ aggregation: Aggregation, _ postTransform: PostTransform, _ base: [Double], in name: String
  ) throws -> Tensor {
    _ = try rows(x.type, in: name)
    let samples = try withErrors { try x.featureRows(in: name) }
    func scores<Element: BinaryFloatingPoint & Scalar>(as element: Element.Type) throws -> Tensor {
      var values = try self.scores(samples, aggregation, as: Element.self).values
      if !base.isEmpty {
        for index in values.indices { values[index] += Element(base[index % targetCount]) }
      }
      return try Tensor(copying: values, shape: [samples.shape[0], targetCount])
    }
    let result = try samples.dtype == .float64 ? scores(as: Double.self) : scores(as: Float.self)
    return try withErrors { postTransform(result) }
  }
}
