import ThawTypes

/// The class that support-vector machines give each sample, and scores (ONNX-ML SVMClassifier-1).
///
/// There is one machine for each pair of classes, and the class with the most votes wins. The scores are those of the
/// pairs, or with `prob_a` and `prob_b` the classes' probabilities (Platt's sigmoids, coupled as by Wu, Lin and Weng,
/// stopped as LIBSVM stops). Without support vectors each class has a linear model. What two classes have for scores is
/// ONNX Runtime's choice. It is computed in float64.
public struct SVMClassifier: Composite {
  public struct Weights: Hashable, Sendable {
    public let labels: ClassLabels
    /// For each class but one, and each support vector; of linear models for each class and feature.
    public let coefficients: [Float]
    /// Vector by vector, class by class; empty for linear models.
    public let supportVectors: [Float]
    public let vectorsPerClass: [Int]
    /// For each pair of classes.
    public let offsets: [Float]
    /// For each pair, or none.
    public let sigmoids: [Sigmoid]

    var vectorCount: Int { vectorsPerClass.reduce(0, +) }
    var isLinear: Bool { vectorCount == 0 }
    var featureCount: Int { isLinear ? coefficients.count / labels.count : supportVectors.count / vectorCount }
    var pairCount: Int { labels.count * (labels.count - 1) / 2 }
  }

  /// Platt's: the probability of a score is one minus the logistic function of `slope` times it plus `offset`.
  public struct Sigmoid: Hashable, Sendable {
    public var slope: Float
    public var offset: Float
  }

  public let weights: Bulk<Weights>
  public var kernel: SVMKernel
  public var postTransform: PostTransform

  public static let schema = Schema(
    "SVMClassifier", domain: .onnxML, versions: [1], inputs: [Input("X")],
    outputs: [Output("Y", differentiable: false), Output("Z")], batch: .rowwise)

  public init(_ node: NodeReader) throws {
    let (name, rho) = (node.name, try node.floats("rho") ?? [])
    let (slopes, offsets) = (try node.floats("prob_a") ?? [], try node.floats("prob_b") ?? [])
    let kernel = try node.svmKernel()
    if let error = TensorError.lengths(name, [("prob_a", slopes.count), ("prob_b", offsets.count)]) { throw error }
    let perClass = try node.ints("vectors_per_class") ?? []
    let vectors = try node.floats("support_vectors") ?? []
    var total = 0
    for count in perClass {
      total = count < 0 || total > vectors.count ? -1 : total + min(count, vectors.count + 1)
      guard total >= 0 else {
        throw TensorError(
          .operand, "\(name): vectors_per_class holds \(count), for \(vectors.count) numbers of vectors")
      }
    }
    let weights = Weights(
      labels: try node.classLabels(integers: "classlabels_ints", strings: "classlabels_strings"),
      coefficients: try node.required("coefficients", try node.floats("coefficients")),
      supportVectors: total == 0 ? [] : vectors, vectorsPerClass: total == 0 ? [] : perClass, offsets: rho,
      sigmoids: total == 0 ? [] : zip(slopes, offsets).map(Sigmoid.init))
    try weights.check(in: name)
    self.weights = Bulk(weights)
    self.kernel = total == 0 ? .linear : kernel
    postTransform = try node.postTransform()
  }

  public func attributes(opset: Int) throws -> [String: Attribute] {
    let weights = weights.contents
    return kernel.attributes
      .merging(weights.labels.attributes(integers: "classlabels_ints", strings: "classlabels_strings")) { $1 }
      .merging([
        "coefficients": .floats(weights.coefficients), "support_vectors": .floats(weights.supportVectors),
        "vectors_per_class": .ints(weights.vectorsPerClass), "rho": .floats(weights.offsets),
        "prob_a": .floats(weights.sigmoids.map(\.slope)), "prob_b": .floats(weights.sigmoids.map(\.offset)),
        "post_transform": .text(postTransform.rawValue),
      ]) { $1 }
  }

  public func batchAxes(of batch: BatchLayout) -> [BatchAxis?] { batch.rowsOfFeatures() }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    let weights = weights.contents
    let x = try FeatureRows(try tensorType(inputs, 0, of: Self.schema), in: Self.schema.name)
    try x.check(features: weights.featureCount, in: Self.schema.name)
    let isByClass = weights.isLinear || !weights.sigmoids.isEmpty || weights.labels.count <= 2
    let width = isByClass ? weights.labels.count : weights.pairCount
    return [
      .tensor(TensorType(weights.labels.dtype, [x.rows])), .tensor(TensorType(.float32, [x.rows, .known(width)])),
    ]
  }

  public func body(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let x = try tensor(inputs, 0, of: Self.schema)
    _ = try outputTypes([.tensor(x.type)], known: KnownValues())
    let sums = try sums(x)
    let label = wanted[0] ? try apply(weights.contents.labels.encoder, to: winners(sums.detach())) : nil
    return [label.map(Value.tensor), .tensor(try scores(sums).inSinglePrecision)]
  }

  /// The scores in the precision that they are computed in.
  func scores(of x: Tensor) throws -> Tensor { try scores(try sums(x)) }

  /// Of each sample a number for each pair of classes, or of linear models for each class.
  private func sums(_ x: Tensor) throws -> Tensor {
    let samples = try x.featureRows(in: Self.schema.name, as: .float64)
    return try weights.contents.isLinear
      ? weights.contents.classScores(samples) : weights.contents.pairScores(samples, kernel)
  }

  /// The class that wins, by number.
  private func winners(_ sums: Tensor) throws -> Tensor {
    let weights = weights.contents
    guard weights.isLinear else { return try weights.votes(sums).argMax(axis: 1) }
    let best = sums.argMax(axis: 1)
    guard weights.labels.count == 2 else { return best }
    let greatest = sums.max(axes: [1])
    return .where(weights.coefficients.allSatisfy { $0 >= 0 } ? greatest .>= 0.5 : greatest .> 0, 1, best)
  }

  private func scores(_ sums: Tensor) throws -> Tensor {
    let weights = weights.contents
    if weights.isLinear { return postTransform(sums) }
    return weights.sigmoids.isEmpty ? scores(ofPairs: sums) : postTransform(try weights.probabilities(sums))
  }

  /// Of two classes the one score becomes two.
  private func scores(ofPairs pairs: Tensor) -> Tensor {
    guard weights.contents.labels.count == 2 else { return postTransform(pairs) }
    return postTransform == .none ? .concat([0 - pairs, pairs], axis: 1) : postTransform.pair(pairs)
  }
}

extension SVMClassifier.Weights {
  /// - Throws: `TensorError` of kind `operand` when the lists do not fit together.
  fileprivate func check(in name: String) throws {
    let classes = labels.count
    guard classes < 65_536, !coefficients.isEmpty else {
      throw TensorError(.operand, "\(name): there are \(classes) classes and \(coefficients.count) coefficients")
    }
    let fits =
      isLinear
      ? coefficients.count % classes == 0 && !offsets.isEmpty
      : vectorsPerClass.count == classes && supportVectors.count % vectorCount == 0
        && coefficients.count == (classes - 1) * vectorCount && offsets.count >= pairCount
        && (sigmoids.isEmpty || sigmoids.count >= pairCount)
    guard fits else {
      throw TensorError(
        .operand,
        "\(name): \(classes) classes, \(vectorCount) support vectors with \(supportVectors.count) numbers, "
          + "\(coefficients.count) coefficients, \(offsets.count) of rho and \(sigmoids.count) of prob_a do not fit "
          + "together")
    }
  }

  /// The scores of the classes' linear models: `[samples, classes]`.
  fileprivate func classScores(_ samples: Tensor) throws -> Tensor {
    let matrix = try Tensor(copying: coefficients, shape: [labels.count, featureCount])
    return samples.matmul(try matrix.numbers(as: samples.dtype).transposed()) + offsets[0]
  }

  /// The scores of the pairs of classes, (0, 1), (0, 2) and so on: `[samples, pairs]`.
  fileprivate func pairScores(_ samples: Tensor, _ kernel: SVMKernel) throws -> Tensor {
    let vectors = try Tensor(copying: supportVectors, shape: [vectorCount, featureCount]).numbers(as: samples.dtype)
    let table = try Tensor(copying: coefficients, shape: [labels.count - 1, vectorCount]).numbers(as: samples.dtype)
    let values = kernel(samples, vectors)
    var start = 0
    // For each class, what its own vectors say against each other one.
    let sides = vectorsPerClass.map { count -> Tensor in
      defer { start += count }
      let own = values.slice(starts: [start], ends: [start + count], axes: [1])
      return own.matmul(table.slice(starts: [start], ends: [start + count], axes: [1]).transposed())
    }
    let others = labels.count - 1
    let pairs = (0..<labels.count).flatMap { i in (i + 1..<labels.count).map { j in (i, j) } }
    let all = Tensor.concat(sides, axis: 1)
    let first = all.gather(Tensor(pairs.map { i, j in i * others + j - 1 }), axis: 1)
    let second = all.gather(Tensor(pairs.map { i, j in j * others + i }), axis: 1)
    return first + second
      + (try Tensor(copying: Array(offsets.prefix(pairs.count)), shape: nil).numbers(as: samples.dtype))
  }

  /// How many pairs each class wins: `[samples, classes]`. The first of a pair wins above 0.
  fileprivate func votes(_ scores: Tensor) throws -> Tensor {
    let count = labels.count
    let pairs = (0..<count).flatMap { i in (i + 1..<count).map { j in (i, j) } }
    func table(_ winner: (Int, Int) -> Int) throws -> Tensor {
      let winners = pairs.map(winner)
      return try Tensor(
        copying: winners.flatMap { winner in (0..<count).map { $0 == winner ? 1.0 : 0 } }, shape: [pairs.count, count])
    }
    let wins = (scores .> 0).cast(to: .float64)
    return wins.matmul(try table { first, _ in first }) + (1 - wins).matmul(try table { _, second in second })
  }

  /// The probabilities of the classes, by Platt's sigmoids of the pairs' scores.
  fileprivate func probabilities(_ scores: Tensor) throws -> Tensor {
    func row(_ value: (SVMClassifier.Sigmoid) -> Float) throws -> Tensor {
      try Tensor(copying: sigmoids.prefix(pairCount).map(value), shape: [pairCount]).numbers(as: scores.dtype)
    }
    let values = scores * (try row(\.slope)) + (try row(\.offset))
    return try PairCoupling(count: labels.count)((0 - values).sigmoid())
  }
}
