import Testing
import ThawONNX
import ThawTensor
import ThawTypes

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
    Tail("a weight that a Transpose turns") {
      let transposed = Tensor(elements: try $1.elements(as: Float.self), shape: [3, 4], requiresGrad: true)
      return $0.matmul(transposed.transposed([1, 0])) + $2
    },
    Tail("a weight that stands first", output: [5, 2]) { x, w, b in
      let turned = Tensor(elements: try w.elements(as: Float.self), shape: [3, 4], requiresGrad: true)
      let column = Tensor(elements: try b.elements(as: Float.self), shape: [3, 1], requiresGrad: true)
      return turned.matmul(x.transposed([1, 0])) + column
    },
    Tail("Gemm, a transposed weight that stands first, scaled", output: [5, 2]) { x, w, _ in
      try apply(Gemm(alpha: 0.5, transposesA: true, transposesB: true), to: w, x)
    },
    Tail("Gemm with a bias of two axes") { x, w, b in
      try apply(Gemm(), to: x, w, Tensor(elements: try b.elements(as: Float.self), shape: [1, 3], requiresGrad: true))
    },
    Tail("Sigmoid, Identity") { try apply(Identity(), to: ($0.matmul($1) + $2).sigmoid()) },
    Tail("1×1 Conv over one axis, squeezed") { x, w, b in
      let kernel = Tensor(elements: try w.elements(as: Float.self), shape: [3, 4, 1], requiresGrad: true)
      let series = x.reshaped(to: Tensor([0, 4, 1]))
      return try apply(Conv(), to: series, kernel, b).squeezed(axes: [2])
    },
    Tail("1×1 Conv and an Add over three axes", output: [2, 5, 6, 6]) { x, w, b in
      let kernel = Tensor(elements: try w.elements(as: Float.self), shape: [3, 4, 1, 1], requiresGrad: true)
      let bias = Tensor(elements: try b.elements(as: Float.self), shape: [3, 1, 1], requiresGrad: true)
      let image = x.reshaped(to: Tensor([0, 4, 1, 1])).expanded(to: Tensor([1, 4, 6, 6]))
      return try apply(Conv(), to: image, kernel) + bias
    },
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
      if parameter.type.shape?.reduce(1, *) == 5 {
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
        + "'MatMul_2' (MatMul) gives, as where the number stands in a constant"
    ),
    (
      Tail("a constant scale") { $0.matmul($1).softmax() * $2 },
      "the head cannot be reset: node 'Mul_4' (Mul) takes no other number of classes than the 3 that node "
        + "'MatMul_2' (MatMul) gives, as where the number stands in a constant"
    ),
    (
      Tail("one class and others in one axis") { x, w, b in
        try apply(Concat(axis: 1), to: x, x.matmul(w) + b)
      },
      "the head cannot be reset: node 'Concat_4' (Concat) puts the 3 classes that node 'MatMul_2' (MatMul) gives into "
        + "one axis with something else"
    ),
    (
      Tail("a Reshape to samples and classes in one axis") { ($0.matmul($1) + $2).reshaped(to: Tensor([-1, 1])) },
      "the head cannot be reset: node 'Reshape_4' (Reshape) puts the 3 classes that node 'MatMul_2' (MatMul) gives "
        + "into one axis with something else"
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
      "the head cannot be reset: the weight of node 'MatMul_2' (MatMul, 3 classes) is computed, by node 'relu' "
      + "(Relu); it should be an initializer or a Constant, stored as it is or transposed"
    #expect(throws: ModelError(.request, message)) { try model.resettingHead(classes: 5) }
  }

  @Test("a weight and a bias that others read stay there, and the head gets its own")
  func shared() throws {
    let tied = Tail("tied") { x, w, b in
      let again = x.matmul(w) + b
      return again.matmul(w.transposed([1, 0])).matmul(w) + b
    }
    let model = try model(tied)
    let reset = try model.resettingHead(classes: 5)
    let head = try #require(reset.head)
    #expect(model.head == nil)
    #expect(
      head.description == "node 'MatMul_5' (MatMul) starts anew, 3 → 5 classes; 'head.weight' is shared with node "
        + "'MatMul_2', so the head has its own, 'head.weight_head'; 'head.bias' is shared with node 'Add_3', so the "
        + "head has its own, 'head.bias_head'")
    #expect(try reset(["x": Tensor.ones([2, 4])])["y"].shape == [2, 5])
    #expect(
      try reset.parameters["head.weight"]?.value().elements(as: Float.self)
        == model.parameters["head.weight"]?.value().elements(as: Float.self))
    #expect(reset.parameters["head.weight_head"]?.type.shape == [4, 5])
    #expect(reset.parameters["head.bias_head"]?.role == .trainable)
    #expect(reset.parameters.source == .file && reset.parameters.count == model.parameters.count + 2)
  }

  @Test("16-bit weights stay 16-bit", arguments: [DType.float16, .bfloat16])
  func narrow(dtype: DType) throws {
    let w = Parameter("w", try Tensor.full([4, 3], 0.5, dtype: dtype))
    let b = Parameter("b", try Tensor.full([3], 1, dtype: dtype))
    let type = TensorType(dtype, ["N", 4])
    let model = try Model(
      Graph.record(inputs: ["x": type], output: "y", parameters: [w, b]) { x in
        x.matmul(try w.value()) + (try b.value())
      })
    let reset = try model.resettingHead(classes: 5)
    #expect(reset.parameters["w"]?.type == TensorType(dtype, shape: [4, 5]))
    #expect(try reset(["x": Tensor.full([2, 4], 1, dtype: dtype)])["y"].shape == [2, 5])
    let values = try #require(reset.parameters["w"]).value().elements(as: Double.self)
    #expect(values.allSatisfy { abs($0) <= 0.5 } && Set(values).count > 10)
  }

  @Test("of several outputs the head of the one that is named")
  func severalOutputs() throws {
    let (w, v) = (Parameter("w", Tensor.ones([4, 3])), Parameter("v", Tensor.ones([4, 2])))
    let model = try Model(
      Graph.record(inputs: ["x": .float32("N", 4)], outputs: ["a", "b"], parameters: [w, v]) {
        [$0[0].matmul(try w.value()), $0[0].matmul(try v.value())]
      })
    let reset = try model.resettingHead(classes: 7, output: "a")
    #expect(reset.outputs.map(\.type) == [.tensor(.float32("N", 7)), .tensor(.float32("N", 2))])
    #expect(try model.resettingHead(classes: 7, output: "b").parameters["v"]?.type.shape == [4, 7])
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
