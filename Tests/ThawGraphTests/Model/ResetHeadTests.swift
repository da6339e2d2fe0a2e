import Testing
import ThawONNX
import ThawTensor

@testable import ThawGraph

/// What follows a body of `[N, 4]`; `w` is [4, 3] and `b` is [3].
struct Tail: Sendable, CustomTestStringConvertible {
  let name: String
  let output: [Int]
  let body: @Sendable (Tensor, Tensor, Tensor) throws -> Tensor

  init(
    _ name: String, output: [Int] = [2, 5], _ body: @escaping @Sendable (Tensor, Tensor, Tensor) throws -> Tensor
  ) {
    (self.name, self.output, self.body) = (name, output, body)
  }

  var testDescription: String { name }
}

@Suite("A head reset to another number of classes") struct ResetHeadTests {
  private static let gemm = Tail("Gemm") { try apply(Gemm(), to: $0, $1, $2) }

  static let tails: [Tail] = [
    gemm,
    Tail("Gemm, transposed weight") {
      let transposed = Tensor(elements: try $1.elements(as: Float.self), shape: [3, 4], requiresGrad: true)
      return try apply(Gemm(transposesB: true), to: $0, transposed, $2)
    },
    Tail("MatMul") { x, w, _ in x.matmul(w) },
    Tail("MatMul and Add") { $0.matmul($1) + $2 },
    Tail("Add and MatMul") { $2 + $0.matmul($1) },
    Tail("MatMul, Add, Softmax") { ($0.matmul($1) + $2).softmax() },
    Tail("a Transpose after it", output: [5, 2]) { ($0.matmul($1) + $2).transposed([1, 0]) },
    Tail("a Reshape without numbers after it", output: [2, 5, 1]) {
      ($0.matmul($1) + $2).reshaped(to: Tensor([0, -1, 1]))
    },
    Tail("a reshape to its own shape after it") { x, w, b in
      let y = x.matmul(w) + b
      return y.reshaped(to: y.shapeTensor())
    },
    Tail("1×1 Conv, pooled and flattened") { x, w, b in
      let kernel = Tensor(elements: try w.elements(as: Float.self), shape: [3, 4, 1, 1], requiresGrad: true)
      let image = x.reshaped(to: Tensor([0, 4, 1, 1])).expanded(to: Tensor([1, 4, 6, 6]))
      return try apply(Conv(), to: image, kernel, b).relu().globalAveragePool().flatten()
    },
    Tail("a product after it that leaves the classes alone", output: [2, 2, 5]) { x, w, b in
      let y = (x.matmul(w) + b).unsqueezed(axes: [1])
      return try apply(Concat(axis: 1), to: y, y)
    },
  ]

  private func model(_ tail: Tail, value: Float = 0.5) throws -> Model {
    let hidden = Parameter("hidden", Tensor([Float](repeating: 0.5, count: 16), shape: [4, 4]))
    let w = Parameter("head.weight", Tensor([Float](repeating: value, count: 12), shape: [4, 3]))
    let b = Parameter("head.bias", Tensor([1, 2, 3] as [Float]))
    let graph = try Graph.record(inputs: ["x": .float32("N", 4)], output: "y", parameters: [hidden, w, b]) { x in
      try tail.body(x.matmul(try hidden.value()).relu(), try w.value(), try b.value())
    }
    return try Model(graph)
  }

  @Test("the layer is found, and outputs have the new classes", arguments: tails)
  func found(tail: Tail) throws {
    let model = try model(tail)
    try model.freeze("hidden")
    let reset = try model.resettingHead(classes: 5, seed: 3)
    let y = try reset(["x": Tensor.ones([2, 4])])["y"]
    #expect(y.shape == tail.output)
    #expect(reset.outputs[0].type?.tensor?.dims?.contains(.known(5)) == true, "\(reset.outputs[0].type as Any)")
    #expect(reset.parameters["hidden"]?.role == .frozen)
    #expect(reset.parameters.source == .file)
    // All that the file says of shapes is true: replaying checks inputs, and the reader the rest.
    #expect(try Model(reset.changedProto()).parameters.count == model.parameters.count)
    let new = reset.parameters.filter { $0.type.shape?.contains(5) ?? false }
    #expect(!new.isEmpty && new.allSatisfy { $0.role == .trainable })
    for parameter in new {
      let values = try parameter.value().elements(as: Double.self)
      if parameter.type.shape == [5] {
        #expect(values.allSatisfy { $0 == 0 })
      } else {
        // The fan-in is 4.
        #expect(values.allSatisfy { abs($0) <= 0.5 } && Set(values).count == values.count)
      }
    }
  }

  @Test("the same seed gives the same weight, another seed another")
  func seeds() throws {
    let model = try model(Self.gemm)
    func weight(_ seed: UInt64) throws -> [Float] {
      try #require(model.resettingHead(classes: 5, seed: seed).parameters["head.weight"]).value().elements()
    }
    #expect(try weight(1) == weight(1))
    #expect(try weight(1) != weight(2))
  }

  @Test("as many classes as before: new values, same shapes")
  func sameCount() throws {
    let reset = try model(Self.gemm).resettingHead(classes: 3)
    #expect(try reset.parameters["head.bias"]?.value().elements(as: Float.self) == [0, 0, 0])
  }

  @Test("what was changed before is kept")
  func keepsChanges() throws {
    let model = try model(Self.gemm)
    let hidden = try #require(model.parameters["hidden"])
    try hidden.set(Tensor([Float](repeating: 7, count: 16), shape: [4, 4]))
    #expect(try model.resettingHead(classes: 5).parameters["hidden"]?.value().elements(as: Float.self).first == 7)
  }

  static let obstacles: [(tail: Tail, message: String)] = [
    (
      Tail("a constant Reshape") { ($0.matmul($1) + $2).reshaped(to: Tensor([-1, 3])) },
      "the head cannot be reset: node 'Reshape_4' (Reshape) takes no other number of classes than the 3 that node "
        + "'MatMul_2' gives, as where the number stands in a constant"
    ),
    (
      Tail("a constant scale") { $0.matmul($1).softmax() * $2 },
      "the head cannot be reset: node 'Mul_4' (Mul) takes no other number of classes than the 3 that node "
        + "'MatMul_2' gives, as where the number stands in a constant"
    ),
    (
      Tail("a shared weight") { x, w, _ in x.matmul(w) + x.matmul(w).relu() },
      "the head cannot be reset: the weight 'head.weight' of node 'MatMul_3' (MatMul, 3 classes) is shared with node "
        + "'MatMul_2'"
    ),
    (
      Tail("reduced") { x, w, _ in x.matmul(w).sum(axes: [1]) },
      "no layer whose head could be reset leads to the output 'y': there should be a Gemm, a MatMul or a 1×1 Conv "
        + "whose output axis reaches it unreduced"
    ),
  ]

  @Test("what is in the way is named", arguments: obstacles)
  func refused(tail: Tail, message: String) throws {
    let model = try model(tail)
    #expect(throws: ModelError(.request, message)) { try model.resettingHead(classes: 5) }
  }

  @Test("a computed weight is in the way")
  func computedWeight() throws {
    var proto = try model(Tail("MatMul") { x, w, _ in x.matmul(w) }).proto
    let index = try #require(proto.graph?.node.firstIndex { $0.input.contains("head.weight") })
    proto.graph?.node[index].input[1] = "computed"
    proto.graph?.node.insert(NodeProto("Relu", input: ["head.weight"], output: ["computed"], name: "relu"), at: 0)
    let model = try Model(proto)
    let message =
      "the head cannot be reset: the weight of node 'MatMul_2' (MatMul, 3 classes) is computed, by node 'relu'; it "
      + "should be an initializer or a Constant"
    #expect(throws: ModelError(.request, message)) { try model.resettingHead(classes: 5) }
  }

  @Test("a weight in a Constant node, and one that an Identity copies, are replaced where they stand")
  func otherPlaces() throws {
    for wrap in ["Constant", "Identity"] {
      var proto = try model(Self.gemm).proto
      let place = try #require(proto.graph?.initializer.firstIndex { $0.name == "head.weight" })
      var node = NodeProto(wrap, input: [], output: ["head.weight"], name: "wrapped")
      if wrap == "Constant" {
        var attribute = AttributeProto()
        (attribute.name, attribute.type, attribute.t) = ("value", .tensor, proto.graph?.initializer.remove(at: place))
        node.attribute = [attribute]
      } else {
        proto.graph?.initializer[place].name = "original"
        node.input = ["original"]
      }
      proto.graph?.node.insert(node, at: 0)
      proto.setRoles(nil)
      let model = try Model(proto)
      try model.unfreeze("head.weight")
      let reset = try model.resettingHead(classes: 5)
      #expect(reset.parameters["head.weight"]?.type.shape == [4, 5])
      #expect(try reset(["x": Tensor.ones([2, 4])])["y"].shape == [2, 5])
    }
  }

  @Test("the rule that said what trains is still told")
  func rule() throws {
    var proto = try model(Self.gemm).proto
    proto.setRoles(nil)
    #expect(try Model(proto).resettingHead(classes: 5).parameters.source == .reachability)
  }

  @Test("no classes")
  func noClasses() throws {
    let model = try model(Self.gemm)
    #expect(throws: ModelError(.request, "a head needs at least 1 class, not 0")) {
      try model.resettingHead(classes: 0)
    }
  }
}
