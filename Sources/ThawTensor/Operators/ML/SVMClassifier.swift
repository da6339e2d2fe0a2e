import Foundation
import ThawTypes

/// The class that support-vector machines give each sample, and scores (ONNX-ML SVMClassifier-1).
///
/// There is one machine for each pair of classes, and the class with the most votes wins. The scores are those of the
/// pairs, or with `prob_a` and `prob_b` the classes' probabilities (Platt's sigmoids, coupled as by Wu, Lin and Weng,
/// stopped as LIBSVM stops). Without support vectors each class has a linear model. What two classes have for scores is
/// ONNX Runtime's choice. It is computed in float64.
public struct SVMClassifier: Primitive {
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
    outputs: [Output("Y", differentiable: false), Output("Z")], batch: .rowwise, differentiability: .missing)

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

  public func forward(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let x = try tensor(inputs, 0, of: Self.schema)
    _ = try outputTypes([.tensor(x.type)], known: KnownValues())
    let samples = try withErrors { try x.featureRows(in: Self.schema.name, as: .float64) }
    let (labels, scores) = try weights.contents.isLinear ? linear(samples) : machines(samples)
    return [.tensor(labels), .tensor(try withErrors { scores.inSinglePrecision })]
  }

  private func linear(_ samples: Tensor) throws -> (labels: Tensor, scores: Tensor) {
    let weights = weights.contents
    let sums = try withErrors {
      let matrix = try Tensor(copying: weights.coefficients, shape: [weights.labels.count, weights.featureCount])
      return samples.matmul(try matrix.numbers(as: .float64).transposed()) + weights.offsets[0]
    }
    let best: [Int] = try withErrors { try sums.argMax(axis: 1).elements() }
    let greatest: [Double] = try withErrors { try sums.max(axes: [1]).elements() }
    let isAllPositive = weights.coefficients.allSatisfy { $0 >= 0 }
    let classes = zip(best, greatest).map { best, greatest in
      weights.labels.count == 2 && (isAllPositive ? greatest >= 0.5 : greatest > 0) ? 1 : best
    }
    return (
      try weights.labels.labels(of: classes, shape: [classes.count]), try withErrors { postTransform(sums) }
    )
  }

  private func machines(_ samples: Tensor) throws -> (labels: Tensor, scores: Tensor) {
    let weights = weights.contents
    let pairs = try withErrors { try weights.pairScores(samples, kernel) }
    let numbers: [Double] = try pairs.elements()
    let votes =
      samples.shape[0] == 0
      ? []
      : (0..<samples.shape[0]).map { row in
        weights.winner(numbers[row * weights.pairCount..<(row + 1) * weights.pairCount])
      }
    let labels = try weights.labels.labels(of: votes, shape: [votes.count])
    if !weights.sigmoids.isEmpty {
      let probabilities = (0..<samples.shape[0]).flatMap { row in
        weights.probabilities(numbers[row * weights.pairCount..<(row + 1) * weights.pairCount])
      }
      let scores = try Tensor(copying: probabilities, shape: [samples.shape[0], weights.labels.count])
      return (labels, try withErrors { postTransform(scores) })
    }
    return (labels, try withErrors { scores(ofPairs: pairs) })
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

  /// The class with the most votes; of several the first.
  fileprivate func winner(_ scores: ArraySlice<Double>) -> Int {
    var votes = [Int](repeating: 0, count: labels.count)
    var pair = scores.startIndex
    for i in 0..<labels.count {
      for j in i + 1..<labels.count {
        votes[scores[pair] > 0 ? i : j] += 1
        pair += 1
      }
    }
    return votes.indices.max { votes[$0] < votes[$1] || (votes[$0] == votes[$1] && $0 > $1) } ?? 0
  }

  /// The classes' probabilities that come nearest to those of the pairs, in as many rounds as LIBSVM makes.
  fileprivate func probabilities(_ scores: ArraySlice<Double>) -> [Float] {
    let count = labels.count
    var wins = [Float](repeating: 0, count: count * count)
    var pair = 0
    for i in 0..<count {
      for j in i + 1..<count {
        let value = Float(scores[scores.startIndex + pair]) * sigmoids[pair].slope + sigmoids[pair].offset
        let probability = min(max(1 - Self.logistic(value), 1e-7), 1 - 1e-7)
        wins[i * count + j] = probability
        wins[j * count + i] = 1 - probability
        pair += 1
      }
    }
    return Self.coupled(wins, count)
  }

  private static func logistic(_ x: Float) -> Float { Float(1 / (1 + Foundation.exp(-Double(x)))) }

  private static func coupled(_ wins: [Float], _ count: Int) -> [Float] {
    var q = [Float](repeating: 0, count: count * count)
    for i in 0..<count {
      for j in 0..<count where j != i {
        q[i * count + i] += wins[j * count + i] * wins[j * count + i]
        q[i * count + j] = -wins[j * count + i] * wins[i * count + j]
      }
    }
    var p = [Float](repeating: 1 / Float(count), count: count)
    let tolerance = 0.005 / Float(count)
    for _ in 0..<100 {
      var qp = (0..<count).map { i in (0..<count).reduce(Float(0)) { $0 + q[i * count + $1] * p[$1] } }
      var pqp = zip(p, qp).reduce(Float(0)) { $0 + $1.0 * $1.1 }
      if qp.allSatisfy({ abs($0 - pqp) < tolerance }) { break }
      for i in 0..<count {
        let change = (pqp - qp[i]) / q[i * count + i]
        p[i] += change
        pqp = (pqp + change * (change * q[i * count + i] + 2 * qp[i])) / (1 + change) / (1 + change)
        for j in 0..<count {
          qp[j] = (qp[j] + change * q[i * count + j]) / (1 + change)
          p[j] /= 1 + change
        }
      }
    }
    return p
  }
}
