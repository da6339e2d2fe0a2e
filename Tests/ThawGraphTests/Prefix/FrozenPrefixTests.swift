import Testing

@testable import ThawGraph
@testable import ThawTensor

@Suite("Frozen prefixes") struct FrozenPrefixTests {
  /// A network of `w1`, `w2` and `w3`, x float32[N, 8].
  struct Network: Sendable, CustomTestStringConvertible {
    let testDescription: String
    /// The parameters that train.
    var trained = ["w3"]
    var modes = NodeModes(batchNormalization: .frozen, dropout: .drawing)
    var byteLimit = 1 << 20
    /// The inputs that are the same for all samples.
    var given: [String: Tensor] = [:]
    /// The names of features, or the reason why there are none.
    let expected: Expected
    let body: @Sendable (_ x: Tensor, _ weights: [Tensor], _ given: [Tensor]) throws -> Tensor

    enum Expected: Sendable {
      /// After a node of this operator, these bytes a sample in so many values.
      case found(after: String, bytes: Int, count: Int = 1)
      case none(String)
    }

    static let sizes = [[8, 64], [64, 64], [64, 4]]

    func model() throws -> Model {
      let weights = try Self.sizes.enumerated().map { index, shape in
        Parameter("w\(index + 1)", try RandomGenerator(seed: UInt64(index)).uniform(shape, from: -0.5, to: 0.5))
      }
      var inputs: KeyValuePairs<String, TensorType> = ["x": .float32("N", 8)]
      if let (name, tensor) = given.first { inputs = ["x": .float32("N", 8), "\(name)": tensor.type] }
      let graph = try Graph.record(inputs: inputs, outputs: ["y"], parameters: weights) { inputs in
        [try body(inputs[0], weights.map { try $0.value() }, Array(inputs.dropFirst()))]
      }
      let model = try Model(graph)
      try model.trainOnly(trained)
      return model
    }

    func search(_ model: Model, _ output: TrainedOutput) throws -> PrefixSearch {
      try model.frozenPrefix(
        of: output.target, modes: modes, sampled: ["x": .float32("N", 8)], given: given, batchSize: .any,
        byteLimit: byteLimit)
    }
  }

  static let networks: [Network] = [
    Network(testDescription: "the last layer trains", expected: .found(after: "Relu", bytes: 256)) { x, w, _ in
      x.matmul(w[0]).relu().matmul(w[1]).relu().matmul(w[2])
    },
    Network(
      testDescription: "the first layer trains", trained: ["w1"],
      expected: .none("what is computed before node 'MatMul_0' (MatMul), which trains, is too little")
    ) { x, w, _ in x.matmul(w[0]).relu().matmul(w[1]).matmul(w[2]) },
    Network(
      testDescription: "a residual joins after the trained layer", trained: ["w2"],
      expected: .found(after: "Relu", bytes: 512, count: 2)
    ) { x, w, _ in
      let (a, b) = (x.matmul(w[0]), x.matmul(w[0]).relu())
      return (b.matmul(w[1]) + a).matmul(w[2])
    },
    Network(
      testDescription: "the cut moves back to what fits", byteLimit: 100,
      expected: .found(after: "ReduceMean", bytes: 64)
    ) { x, w, _ in
      let pooled = x.matmul(w[0]).reshaped(to: Tensor([-1, 16, 4])).mean(axes: [2], keepDims: false)
      return pooled.concatenated(with: pooled, pooled, pooled).relu().matmul(w[1]).matmul(w[2])
    },
    Network(
      testDescription: "nothing fits", byteLimit: 100,
      expected: .none("the features after node 'MatMul_0' (MatMul) take 256 bytes a sample, and 100 fit")
    ) { x, w, _ in x.matmul(w[0]).relu().matmul(w[1]).matmul(w[2]) },
    Network(
      testDescription: "samples meet in a mean",
      expected: .none("the samples of a batch may meet in node 'ReduceMean_0' (ReduceMean)")
    ) { x, w, _ in (x - x.mean(axes: [0], keepDims: true)).matmul(w[0]).matmul(w[1]).matmul(w[2]) },
    Network(testDescription: "samples meet later", expected: .found(after: "Relu", bytes: 256)) { x, w, _ in
      let hidden = x.matmul(w[0]).relu()
      return (hidden - hidden.mean(axes: [0], keepDims: true)).matmul(w[1]).matmul(w[2])
    },
    Network(
      testDescription: "a number for each place in the batch",
      expected: .none("the samples of a batch may meet in node 'Add_5' (Add)")
    ) { x, w, _ in
      let places = Tensor.range(x.shapeTensor().gather(Tensor(0))).reshaped(to: Tensor([-1, 1])).cast(to: .float32)
      return (x + places).matmul(w[0]).matmul(w[1]).matmul(w[2])
    },
    Network(
      testDescription: "rows of several samples in one",
      expected: .none("what shape node 'Reshape_1' (Reshape) gives cannot be told beforehand")
    ) { x, w, _ in
      x.relu().reshaped(to: Tensor([2, -1, 8])).matmul(w[0]).matmul(w[1]).matmul(w[2]).reshaped(to: Tensor([-1, 4]))
    },
    Network(
      testDescription: "Dropout draws", expected: .none("node 'Dropout_0' (Dropout) draws numbers")
    ) { x, w, _ in x.dropout(training: false).matmul(w[0]).matmul(w[1]).matmul(w[2]) },
    Network(testDescription: "Dropout draws later", expected: .found(after: "MatMul", bytes: 256)) { x, w, _ in
      x.matmul(w[0]).matmul(w[1]).dropout(training: false).matmul(w[2])
    },
    Network(
      testDescription: "Dropout is off", modes: .inference, expected: .found(after: "MatMul", bytes: 256)
    ) { x, w, _ in x.dropout(training: false).matmul(w[0]).dropout(training: false).matmul(w[1]).matmul(w[2]) },
    Network(
      testDescription: "statistics of the batch", modes: NodeModes(batchNormalization: .training, dropout: .off),
      expected: .found(after: "MatMul", bytes: 256)
    ) { x, w, _ in try normalized(x.matmul(w[0]).matmul(w[1])).matmul(w[2]) },
    Network(
      testDescription: "statistics of the first batch", modes: NodeModes(batchNormalization: .training, dropout: .off),
      expected: .none("node 'BatchNormalization_0' (BatchNormalization) normalizes with each batch's statistics")
    ) { x, w, _ in try normalized(x, 8).matmul(w[0]).matmul(w[1]).matmul(w[2]) },
    Network(
      testDescription: "statistics of the file", expected: .found(after: "MatMul", bytes: 256)
    ) { x, w, _ in try normalized(x.matmul(w[0])).matmul(w[1]).matmul(w[2]) },
    Network(
      testDescription: "an input that is the same for all samples", given: ["scale": Tensor.ones([1, 8])],
      expected: .found(after: "MatMul", bytes: 256)
    ) { x, w, given in (x * given[0]).matmul(w[0]).matmul(w[1]).matmul(w[2]) },
    Network(
      testDescription: "a shape of the batch, a token for each sample", expected: .found(after: "Relu", bytes: 256)
    ) { x, w, _ in
      let count = x.shapeTensor().gather(Tensor([0]))
      let shape = Tensor.concat([count, Tensor([1, 8])])
      let token = w[0].slice([0..<1, 0..<8]).reshaped(to: Tensor([1, 1, 8])).expanded(to: shape)
      let tokens = Tensor.concat([token, x.reshaped(to: shape)], axis: 1)
      return tokens.mean(axes: [1], keepDims: false).matmul(w[0]).matmul(w[1]).relu().matmul(w[2])
    },
  ]

  private static func normalized(_ x: Tensor, _ size: Int = 64) throws -> Tensor {
    let (scale, bias) = (try Tensor.full([size], 1), try Tensor.full([size], 0.5))
    let (mean, variance) = (try Tensor.full([size], 0.25), try Tensor.full([size], 2))
    return try apply(BatchNormalization(epsilon: 1e-5, momentum: 0.9), to: x, scale, bias, mean, variance)
  }

  @Test("where they end, and why there are none", arguments: networks)
  func search(network: Network) throws {
    let model = try network.model()
    let output = try model.trainedOutput(fromLogits: false)
    switch (try network.search(model, output), network.expected) {
    case (.found(let prefix), .found(let operation, let bytes, let count)):
      #expect(prefix.lastNode.hasSuffix("(\(operation))") && prefix.byteCount == bytes, "\(prefix)")
      #expect(prefix.features.count == count, "\(prefix)")
      try check(prefix, network, model, output)
    case (.none(let reason), .none(let expected)): #expect(reason == expected)
    case (let found, let expected): Issue.record("\(found), expected \(expected)")
    }
  }

  /// Features of a sample alone are those of the sample among others, and the rest of the model makes of them what the
  /// whole makes of the samples.
  private func check(_ prefix: FrozenPrefix, _ network: Network, _ model: Model, _ output: TrainedOutput) throws {
    let x = try RandomGenerator(seed: 9).uniform([6, 8], from: -1, to: 1)
    func features(_ x: Tensor) throws -> [Tensor] {
      let inputs = network.given.merging(["x": x]) { $1 }
      return try noGrad {
        try model.run(inputs.mapValues(Value.tensor), targets: prefix.features.map(\.value), modes: network.modes)
      }.map { try #require($0.tensor) }
    }
    let all = try features(x)
    for sample in 0..<6 {
      for (one, whole) in zip(try features(x.rows([sample])), all) { try expectClose(one, whole.rows([sample])) }
    }
    for (feature, tensor) in zip(prefix.features, all) {
      #expect(tensor.dtype == feature.type.dtype)
      #expect(tensor.shape.dropFirst().map(Dim.known) == Array((feature.type.dims ?? []).dropFirst()))
    }
    let rest = model.suffix(after: prefix, of: output.target)
    #expect(rest.parameters.count == model.parameters.count)
    var inputs = Dictionary(uniqueKeysWithValues: zip(prefix.features.map(\.name), all.map(Value.tensor)))
    for (name, tensor) in network.given where rest.inputs.contains(where: { $0.name == name }) {
      inputs[name] = .tensor(tensor)
    }
    if rest.inputs.contains(where: { $0.name == "x" }) { inputs["x"] = .tensor(x) }
    let expected = try model.run(
      network.given.merging(["x": x]) { $1 }.mapValues(Value.tensor), targets: [output.target], modes: network.modes,
      seed: 5)
    let found = try rest.run(inputs, targets: [output.target], modes: network.modes, seed: 5)
    try expectClose(#require(found[0].tensor), #require(expected[0].tensor))
  }

  private func expectClose(_ found: Tensor, _ expected: Tensor) throws {
    try #require(found.shape == expected.shape)
    for (a, b) in zip(try found.elements(as: Double.self), try expected.elements(as: Double.self)) {
      #expect(abs(a - b) <= 1e-5 * max(1, abs(b)))
    }
  }
}

extension Tensor {
  fileprivate func concatenated(with others: Tensor...) -> Tensor { .concat([self] + others, axis: 1) }
}
