import ThawTypes

/// The class that decision trees give each sample, and its scores (ONNX-ML TreeEnsembleClassifier-1, 3, 5).
///
/// Samples `[samples, features]` give labels `[samples]` and float32 scores `[samples, classes]`. Where ONNX does not
/// say what two classes with the weights of one mean, ONNX Runtime's reading holds: the weights speak for the second
/// class, which wins above one half, or above 0 where a weight is negative.
public struct TreeEnsembleClassifier: Primitive {
  public let trees: Bulk<Forest>
  public let labels: Bulk<ClassLabels>
  public var postTransform: PostTransform
  /// One for each class, or for two classes one, or none.
  public let baseValues: [Double]

  public init(
    _ forest: Forest, labels: ClassLabels, postTransform: PostTransform = .none, baseValues: [Double] = []
  ) {
    trees = Bulk(forest)
    self.labels = Bulk(labels)
    self.postTransform = postTransform
    self.baseValues = baseValues
  }

  public static let schema = Schema(
    "TreeEnsembleClassifier", domain: .onnxML, versions: [1, 3, 5], inputs: [Input("X")],
    outputs: [Output("Y", differentiable: false), Output("Z")], batch: .rowwise,
    differentiability: .never(because: "a tree's answer is constant between its thresholds"))

  public init(_ node: NodeReader) throws {
    let labels = try node.classLabels(integers: "classlabels_int64s", strings: "classlabels_strings")
    let base = try node.numbers("base_values")
    guard base.isEmpty || base.count == labels.count || labels.count == 2 && base.count == 1 else {
      throw TensorError(.operand, "\(node.name): there are \(base.count) base_values for \(labels.count) classes")
    }
    self.init(
      try Forest(node, .class, targetCount: labels.count), labels: labels, postTransform: try node.postTransform(),
      baseValues: base)
  }

  public func attributes(opset: Int) throws -> [String: Attribute] {
    try trees.contents.attributes(.class, opset: opset, in: Self.schema.name)
      .merging(Forest.numbers("base_values", baseValues, opset, Self.schema.name)) { $1 }
      .merging(labels.contents.attributes(integers: "classlabels_int64s", strings: "classlabels_strings")) { $1 }
      .merging(["post_transform": .text(postTransform.rawValue)]) { $1 }
  }

  public var minimumOpset: Int { trees.contents.fitsFloats && baseValues.fitFloats ? 1 : 3 }

  public func batchAxes(of batch: BatchLayout) -> [BatchAxis?] { batch.rowsOfFeatures() }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    let rows = try trees.contents.rows(try tensorType(inputs, 0, of: Self.schema), in: Self.schema.name)
    return [
      .tensor(TensorType(labels.contents.dtype, [rows])),
      .tensor(TensorType(.float32, [rows, .known(labels.contents.count)])),
    ]
  }

  public func forward(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let x = try tensor(inputs, 0, of: Self.schema)
    _ = try outputTypes([.tensor(x.type)], known: KnownValues())
    let samples = try withErrors { try x.featureRows(in: Self.schema.name) }
    return samples.dtype == .float64
      ? try forward(samples, as: Double.self) : try forward(samples, as: Float.self)
  }

  private func forward<Element: BinaryFloatingPoint & Scalar>(
    _ samples: Tensor, as element: Element.Type
  ) throws -> [Value?] {
    let labels = labels.contents
    var scores = try trees.contents.scores(samples, .sum, as: Element.self)
    let decision = Decision(self)
    var classes: [Int] = []
    // The samples whose scores are not transformed any more.
    var final: [Bool] = []
    for row in 0..<samples.shape[0] {
      let range = row * labels.count..<(row + 1) * labels.count
      let result = decision.decide(&scores.values[range], isSet: &scores.isSet[range])
      classes.append(result.label)
      final.append(result.isFinal)
    }
    let raw = try Tensor(copying: scores.values, shape: [samples.shape[0], labels.count])
    let kept = try Tensor(copying: final, shape: [samples.shape[0], 1])
    let transformed = try withErrors {
      (final.contains(true) ? Tensor.where(kept, raw, postTransform(raw)) : postTransform(raw)).inSinglePrecision
    }
    return [.tensor(try decision.labels(classes)), .tensor(transformed)]
  }
}

/// How ONNX Runtime makes a label, and the scores that are transformed, of what the trees say.
private struct Decision {
  let labels: ClassLabels
  let base: [Double]
  let transform: PostTransform
  /// Whether only one of two classes has weights.
  let isOneSided: Bool
  let isAllPositive: Bool

  init(_ operation: TreeEnsembleClassifier) {
    labels = operation.labels.contents
    base = operation.baseValues
    transform = operation.postTransform
    let weights = operation.trees.contents.weights.values.joined()
    isOneSided = labels.count == 2 && Set(weights.lazy.map(\.target)).count == 1
    isAllPositive = weights.allSatisfy { $0.value >= 0 }
  }

  /// The labels of what `decide` gave.
  func labels(_ decisions: [Int]) throws -> Tensor {
    // Of one class the second is the number 1, or the string "1".
    let list = labels.count == 1 ? labels.pair : labels
    return try list.labels(of: decisions, shape: [decisions.count])
  }

  func decide<Element: BinaryFloatingPoint>(
    _ scores: inout ArraySlice<Element>, isSet: inout ArraySlice<Bool>
  ) -> (label: Int, isFinal: Bool) {
    let first = scores.startIndex
    guard labels.count == 2 else {
      for (place, value) in base.enumerated() {
        scores[first + place] += Element(value)
        isSet[first + place] = true
      }
      if labels.count == 1 { return (scores[first] > 0 ? 1 : 0, true) }
      let best = scores.indices.filter { isSet[$0] }.max {
        scores[$0] < scores[$1] || (scores[$0] == scores[$1] && $0 > $1)
      }
      return ((best ?? first) - first, false)
    }
    let second = first + 1
    if base.count == 2 {
      if isSet[second] {
        scores[second] = Element(base[1]) + scores[first]
        scores[first] = -scores[second]
      } else {
        scores[second] += Element(base[1])
        scores[first] += Element(base[0])
      }
    } else if base.count == 1 {
      scores[first] += Element(base[0])
    }
    let isSingle = base.count < 2 && !isSet[second]
    let positive = isSet[second] ? scores[second] : isSet[first] ? scores[first] : 0
    let threshold: Element = isOneSided && isAllPositive ? 0.5 : 0
    guard isSingle else { return (positive > threshold ? 1 : 0, false) }
    let score = scores[first]
    scores[second] = score
    if transform != .logistic, isOneSided && isAllPositive || transform == .probit {
      scores[first] = 1 - score
      return (positive > threshold ? 1 : 0, transform != .probit)
    }
    scores[first] = -score
    return (positive > threshold ? 1 : 0, transform != .logistic)
  }
}
