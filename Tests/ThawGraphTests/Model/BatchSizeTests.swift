import Testing
import ThawONNX
import ThawTensor

@testable import ThawGraph

/// A body of `x`, float32[size, 8], and what in it holds the size; `w` is [8, 8].
struct BatchRow: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let size: Int
  /// nil where nothing does.
  let holder: String?
  let body: @Sendable (Tensor, Tensor) throws -> Tensor

  init(
    _ description: String, size: Int = 8, holder: String? = nil,
    _ body: @escaping @Sendable (Tensor, Tensor) throws -> Tensor
  ) {
    (testDescription, self.size, self.holder, self.body) = (description, size, holder, body)
  }
}

@Suite("A declared number of samples") struct BatchSizeTests {
  static let rows: [BatchRow] = [
    BatchRow("layers") { $0.matmul($1).relu().softmax() },
    BatchRow("a Reshape around -1") { x, _ in x.reshaped(to: Tensor([-1, 4, 2])).sum(axes: [2]) },
    BatchRow("a Reshape to as many heads as samples") { x, _ in x.reshaped(to: Tensor([-1, 8, 1])).sum(axes: [2]) },
    BatchRow("a Reshape to a computed shape") { x, w in
      let y = x.matmul(w)
      return y.reshaped(to: x.shapeTensor())
    },
    BatchRow("samples in the middle and back") { x, w in
      x.unsqueezed(axes: [0]).transposed([2, 1, 0]).transposed([1, 0, 2]).flatten().matmul(w)
    },
    BatchRow("samples and places in one axis and back") { x, w in
      x.reshaped(to: Tensor([-1, 4])).relu().reshaped(to: Tensor([-1, 8])).matmul(w)
    },
    BatchRow("one sample", size: 1) { x, w in x.flatten().matmul(w) },
    BatchRow("one sample, and a Reshape that takes it", size: 1, holder: "node 'Reshape_0' (Reshape)") { x, w in
      x.reshaped(to: Tensor([1, 8])).matmul(w)
    },
    BatchRow("one sample, and a Reshape that would mix", size: 1, holder: "node 'Reshape_0' (Reshape)") { x, w in
      x.reshaped(to: Tensor([1, -1])).softmax().reshaped(to: Tensor([-1, 8])).matmul(w)
    },
    BatchRow("a Reshape to the number", holder: "node 'Reshape_1' (Reshape)") { x, w in
      x.matmul(w).reshaped(to: Tensor([8, 2, 4])).sum(axes: [1])
    },
    BatchRow("a Reshape that would mix", holder: "node 'Reshape_1' (Reshape)") { x, w in
      x.matmul(w).reshaped(to: Tensor([8, -1])).softmax().reshaped(to: Tensor([-1, 8]))
    },
    BatchRow("an Expand", holder: "node 'Expand_1' (Expand)") { x, w in
      x.matmul(w).expanded(to: Tensor([8, 8]))
    },
    BatchRow("a constant with a row for each sample", size: 4, holder: "node 'Add_1' (Add)") { x, w in
      x.matmul(w) + Tensor.ones([4, 8])
    },
    BatchRow("a Slice of the first ones", size: 4, holder: "node 'Slice_0' (Slice)") { x, w in
      x.slice(starts: [0], ends: [4], axes: [0]).matmul(w)
    },
    BatchRow("a Slice without the first one", holder: "node 'Slice_0' (Slice)") { x, w in
      x.slice(starts: [1], ends: [99], axes: [0]).matmul(w)
    },
    BatchRow("a mean over the samples", holder: "node 'ReduceSum_1' (ReduceSum)") { x, w in
      x.matmul(w).sum(axes: [0])
    },
    BatchRow("samples along another axis", holder: "what makes 'y'") { x, w in
      x.matmul(w).transposed([1, 0])
    },
  ]

  private func size(
    _ inputs: KeyValuePairs<String, TensorType>, given: [String: Tensor] = [:], _ body: ([Tensor]) throws -> Tensor
  ) throws -> BatchSize {
    let model = try Model(Graph.record(inputs: inputs, outputs: ["y"]) { [try body($0)] })
    return try model.batchSize(for: model.trainedOutput("y", fromLogits: false), given: given)
  }

  @Test("is another where nothing holds it, and else that is named", arguments: rows)
  func size(row: BatchRow) throws {
    let size = try size(["x": .float32([row.size, 8])]) { try row.body($0[0], Tensor.ones([8, 8])) }
    #expect(size == row.holder.map { .fixed(row.size, holder: $0) } ?? .freed(declared: row.size))
  }

  @Test("none declared")
  func any() throws {
    #expect(try size(["x": .float32("N", 8)]) { $0[0].reshaped(to: Tensor([8, -1])) } == .any)
  }

  @Test("inputs that are given do not count")
  func given() throws {
    let inputs: KeyValuePairs<String, TensorType> = [
      "x": .float32([8, 2]), "bias": .float32([2]), "factor": .float32([]),
    ]
    let (bias, factor) = (Tensor.ones([2]), Tensor(2 as Float))
    func size(_ given: [String: Tensor]) throws -> BatchSize {
      try self.size(inputs, given: given) { $0[0] * $0[2] + $0[1] }
    }
    #expect(try size(["bias": bias, "factor": factor]) == .freed(declared: 8))
    let counts =
      "the input 'x' is for 8 samples, and 'bias' for 2: give what is the same for every sample by itself (--input "
      + "NAME=VALUE|FILE)"
    #expect(throws: ModelError(.request, counts)) { try size(["factor": factor]) }
    let scalar =
      "the input 'factor' (float32[]) has no axis that could count samples: give one value for all (--input "
      + "factor=VALUE)"
    #expect(throws: ModelError(.request, scalar)) { try size(["bias": bias]) }
    #expect(throws: ModelError(.name, "the model has no input 'b'; it has 'bias', 'factor', 'x'")) {
      try size(["b": bias])
    }
    let shape = "the input 'bias' should be float32[2] and is float32[3]: axis 0 should be 2"
    #expect(throws: ModelError(.type, shape)) { try size(["bias": Tensor.ones([3]), "factor": factor]) }
  }

  @Test("an Expand of a constant is named, not the node that fails for another number")
  func expandedConstant() throws {
    let state = Parameter("state", Tensor.ones([4, 2]))
    var proto = try Model(
      Graph.record(inputs: ["x": .float32([4, 2])], output: "y", parameters: [state]) { $0 + (try state.value()) }
    ).proto
    let one = try #require(proto.graph?.initializer.firstIndex { $0.name == "state" })
    proto.graph?.initializer[one] = TensorProto(name: "one", try Tensor.ones([1, 2]).data())
    proto.graph?.initializer.append(TensorProto(name: "sizes", try Tensor([4, 1]).data()))
    proto.graph?.node.insert(NodeProto("Expand", input: ["one", "sizes"], output: ["state"], name: "repeat"), at: 0)
    proto.setRoles(nil)
    let model = try Model(proto)
    #expect(
      try model.batchSize(for: model.trainedOutput(fromLogits: false)) == .fixed(4, holder: "node 'repeat' (Expand)"))
  }

  @Test("a given input that names the same dimension sets it")
  func symbol() throws {
    let size = try size(
      ["x": .float32("N", 2), "state": .float32(1, "N", 2)], given: ["state": Tensor.ones([1, 3, 2])]
    ) { $0[0] + $0[1].squeezed(axes: [0]) }
    #expect(size == .fixed(3, holder: "the input 'state', given for all samples,"))
  }

  @Test("numbers that no memory holds", arguments: [0, Int.max])
  func absurd(size: Int) throws {
    var proto = try Model(Graph.record(inputs: ["x": .float32("N", 2)], output: "y") { $0.relu() }).proto
    proto.graph?.input[0].type = TensorType(.float32, [.known(size), 2]).proto
    let model = try Model(proto)
    #expect(
      throws: ModelError(.request, "the input 'x' is for \(size) samples at a time, and Thaw takes 1 to 65536")
    ) { try model.batchSize(for: model.trainedOutput(fromLogits: false)) }
  }
}

@Suite("Inputs with a default") struct OptionalInputTests {
  @Test("are left out or given, and checked")
  func defaults() throws {
    let scale = Parameter("scale", Tensor([2, 3] as [Float]))
    var proto = try Model(
      Graph.record(inputs: ["x": .float32("N", 2)], output: "y", parameters: [scale]) { $0 * (try scale.value()) }
    ).proto
    proto.graph?.input.append(ValueInfoProto(name: "scale", type: TensorType(.float32, shape: [2]).proto))
    let model = try Model(proto)
    #expect(model.inputs.map(\.name) == ["x"] && model.optionalInputs.map(\.name) == ["scale"])
    let x = Tensor.ones([1, 2])
    #expect(try model(["x": x])["y"].elements(as: Float.self) == [2, 3])
    #expect(try model(["x": x, "scale": Tensor([4, 5] as [Float])])["y"].elements(as: Float.self) == [4, 5])
    #expect(throws: ModelError(.type, "the input 'scale' should be float32[2] and is float32[3]: axis 0 should be 2")) {
      try model(["x": x, "scale": Tensor.ones([3])])
    }
    #expect(throws: ModelError(.name, "the model has no input 'other'; it has 'x', and 1 with a default")) {
      try model(["x": x, "other": x])
    }
  }
}
