import ThawTypes

/// What decision trees say of each sample (ONNX-ML TreeEnsemble-5).
///
/// As `TreeEnsembleRegressor`, in another form, without base values, and in the samples' type.
public struct TreeEnsemble: Primitive {
  public let trees: Bulk<Forest>
  public var aggregation: Forest.Aggregation
  public var postTransform: PostTransform

  public init(_ forest: Forest, aggregation: Forest.Aggregation = .sum, postTransform: PostTransform = .none) {
    trees = Bulk(forest)
    self.aggregation = aggregation
    self.postTransform = postTransform
  }

  public static let schema = Schema(
    "TreeEnsemble", domain: .onnxML, versions: [5], inputs: [Input("X")], batch: .rowwise,
    differentiability: .never(because: "a tree's answer is constant between its thresholds"))

  private static let transforms: [PostTransform] = [.none, .softmax, .logistic, .softmaxZero, .probit]
  private static let aggregations: [Forest.Aggregation] = [.average, .sum, .minimum, .maximum]

  public init(_ node: NodeReader) throws {
    func choice<T>(_ attribute: String, _ list: [T], default value: Int) throws -> T {
      let number = try node.int(attribute, default: value)
      guard list.indices.contains(number) else {
        throw TensorError(
          .unsupported, "\(node.name): the attribute \(attribute) is \(number), and should be 0 to \(list.count - 1)")
      }
      return list[number]
    }
    let aggregation = try choice("aggregate_function", Self.aggregations, default: 1)
    let transform = try choice("post_transform", Self.transforms, default: 0)
    self.init(try Forest(separateLeaves: node), aggregation: aggregation, postTransform: transform)
  }

  public func attributes(opset: Int) throws -> [String: Attribute] {
    try trees.contents.attributesWithSeparateLeaves().merging([
      "aggregate_function": .int(Self.aggregations.firstIndex(of: aggregation) ?? 1),
      "post_transform": .int(Self.transforms.firstIndex(of: postTransform) ?? 0),
    ]) { $1 }
  }

  public func batchAxes(of batch: BatchLayout) -> [BatchAxis?] { batch.rowsOfFeatures() }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    let x = try tensorType(inputs, 0, of: Self.schema)
    guard x.dtype.isFloatingPoint else {
      throw TensorError(.dtype, "TreeEnsemble: X is \(x), and should be of float32, float64 or float16")
    }
    let rows = try trees.contents.rows(x, in: Self.schema.name)
    return [.tensor(TensorType(x.dtype, [rows, .known(trees.contents.targetCount)]))]
  }

  public func forward(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let x = try tensor(inputs, 0, of: Self.schema)
    _ = try outputTypes([.tensor(x.type)], known: KnownValues())
    let scores = try trees.contents.targetScores(x, aggregation, postTransform, [], in: Self.schema.name)
    return [.tensor(try withErrors { scores.dtype == x.dtype ? scores : scores.cast(to: x.dtype) })]
  }
}
