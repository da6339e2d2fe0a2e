import Testing

@testable import ThawTensor

@Suite("Decoding of recurrent layers") struct RecurrentDecodingTests {
  private func decode<O: Operator>(
    _ type: O.Type, _ attributes: [String: Attribute], version: Int = 22
  ) throws -> O {
    let reader = NodeReader(
      name: O.schema.name, version: version, attributes: attributes, presentInputs: [true, true, true], outputCount: 2)
    return try #require(try Operators.decode(type, reader) as? O)
  }

  private static func names(_ names: String...) -> Attribute { .strings(names.map { Array($0.utf8) }) }

  @Test("numbers go to the functions that take them, in order; the rest keep their defaults") func activations() throws
  {
    let attributes: [String: Attribute] = [
      "activations": Self.names("HardSigmoid", "softsign", "LeakyRelu", "Affine", "ELU", "ThresholdedRelu"),
      "activation_alpha": .floats([0.3, 0.1, 2]), "activation_beta": .floats([0.6]),
      "direction": .text("bidirectional"), "hidden_size": .int(4),
    ]
    let layer = try decode(LSTM.self, attributes).layer
    #expect(layer.direction == .bidirectional && layer.hiddenSize == 4)
    #expect(
      layer.activations == [
        .hardSigmoid(alpha: 0.3, beta: 0.6), .softsign, .leakyRelu(alpha: 0.1), .affine(alpha: 2, beta: 0),
        .elu(alpha: 1), .thresholdedRelu(alpha: 1),
      ])
  }

  @Test("RNN's default of two functions stands for one direction too; numbers that nobody takes mean nothing")
  func defaults() throws {
    let attributes: [String: Attribute] = [
      "activations": Self.names("Tanh", "Tanh"), "activation_alpha": .floats([1, 2]),
    ]
    #expect(try decode(RNN.self, attributes) == RNN(hiddenSize: nil))
    #expect(try decode(GRU.self, [:]).layer.activations == [.sigmoid, .tanh])
    let both = try decode(LSTM.self, ["direction": .text("bidirectional")]).layer.activations
    #expect(both == [.sigmoid, .tanh, .tanh, .sigmoid, .tanh, .tanh])
  }

  @Test("the oldest version says by output_sequence whether Y is used") func oldest() throws {
    let old = try decode(LSTM.self, ["output_sequence": .int(1), "hidden_size": .int(2)], version: 1)
    #expect(old == LSTM(hiddenSize: 2))
    #expect(try decode(GRU.self, ["linear_before_reset": .int(1)], version: 3).isLinearBeforeReset)
    #expect(try decode(LSTM.self, ["layout": .int(1), "input_forget": .int(1)]).layer.isBatchFirst)
  }

  @Test(
    "what cannot be meant is named",
    arguments: [
      (["direction": .text("sideways")], "the direction 'sideways' is not one of forward, reverse and bidirectional"),
      (["layout": .int(2)], "the layout 2 is neither 0 nor 1"), (["hidden_size": .int(0)], "hidden_size is 0"),
      (["clip": .float(-1)], "clip is -1.0, and should be above 0"),
      (["activations": names("Tanh")], "activations names 1 functions (Tanh), and should name 2"),
      (["activations": names("Tanh", "Gelu")], "the activation 'Gelu' is not one of Relu, Tanh, "),
      (
        ["activations": names("Tanh", "ScaledTanh"), "activation_alpha": .floats([1])],
        "ScaledTanh needs a number in activation_alpha and one in activation_beta"
      ),
      (
        ["activations": names("Tanh", "LeakyRelu"), "activation_alpha": .floats([0, 0.3])],
        "activation_alpha holds 2 numbers, and of the activations Tanh, LeakyRelu 1 take one"
      ), (["output_sequence": .int(1)], "the attribute 'output_sequence' is not one that version 22"),
    ] as [([String: Attribute], String)])
  func refused(attributes: [String: Attribute], message: String) {
    let error = #expect(throws: TensorError.self) { try decode(GRU.self, attributes) }
    #expect(error?.message.contains(message) == true, "\(String(describing: error))")
  }

  /// x Wᵀ for all steps is one product; a step of the usual LSTM is a product, three activations and what joins them.
  @Test("a step is few operations") func operationCount() throws {
    func count(_ steps: Int) throws -> Int {
      let x = Tensor.ones([steps, 2, 3])
      let w = try Tensor.ones([1, 16, 3]).requiringGrad()
      let r = try Tensor.ones([1, 16, 4]).requiringGrad()
      let state = Tensor.ones([1, 2, 4])
      let output = try withErrors { x.lstm(w, r, hidden: state, cell: state).output }
      var seen: Set<Node> = []
      var open = [try #require(output.gradFn)]
      while let node = open.popLast() {
        if seen.insert(node).inserted { open += node.nextFunctions.compactMap { $0 } }
      }
      return seen.count
    }
    #expect(try count(9) - count(8) == 10)
  }
}
