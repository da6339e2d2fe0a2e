import Testing
import ThawTypes

@testable import ThawTensor

/// What older versions of operators decode to.
@Suite("Old versions") struct OldVersionTests {
  private func decode<O: Operator>(
    _ type: O.Type, version: Int, _ attributes: [String: Attribute] = [:], outputs: Int = 1
  ) throws -> (operation: O?, supplied: [Int: Tensor]) {
    let node = NodeReader(
      name: O.schema.name, version: version, attributes: attributes, presentInputs: [true], outputCount: outputs)
    return (try Operators.decode(O.self, node) as? O, node.suppliedInputs)
  }

  @Test("BatchNormalization trains when a flag says so, or by the number of outputs")
  func batchNormalization() throws {
    typealias BN = BatchNormalization
    let isTest: [String: Attribute] = ["is_test": .int(1), "consumed_inputs": .ints([0, 0, 0, 1, 1])]
    #expect(try decode(BN.self, version: 1, isTest).operation == BN())
    #expect(try decode(BN.self, version: 6).operation == BN(trainingMode: true))
    #expect(try decode(BN.self, version: 7, ["spatial": .int(0)]).operation == BN(isSpatial: false))
    #expect(try decode(BN.self, version: 7, outputs: 5).operation == BN(trainingMode: true))
    #expect(try decode(BN.self, version: 9, ["epsilon": .float(0.5)]).operation == BN(epsilon: 0.5))
    #expect(
      try decode(BN.self, version: 14, ["training_mode": .int(1)], outputs: 3).operation == BN(trainingMode: true))
    #expect(throws: TensorError.self) { try decode(BN.self, version: 9, ["spatial": .int(0)]) }
  }

  @Test("Dropout's ratio is an attribute before version 12, and training one before 7")
  func dropout() throws {
    let seven = try decode(Dropout.self, version: 7, ["ratio": .float(0.25)])
    #expect(seven.operation == Dropout())
    #expect(try seven.supplied[1]?.item() == 0.25)
    #expect(seven.supplied[2] == nil)
    let six = try decode(Dropout.self, version: 6)
    #expect(try six.supplied[1]?.item() == 0.5)
    #expect(try six.supplied[2]?.item() == 1)
    #expect(try decode(Dropout.self, version: 1, ["is_test": .int(1)]).supplied[2]?.item() == 0)
    #expect(try decode(Dropout.self, version: 10, outputs: 2).operation == Dropout())
    #expect(throws: TensorError.self) { try decode(Dropout.self, version: 7, outputs: 2) }
    #expect(try decode(Dropout.self, version: 13, ["seed": .int(7)]).operation == Dropout(seed: 7))
  }

  @Test("Gemm's broadcast says nothing; pools know dilations and rounding from some version on")
  func others() throws {
    #expect(try decode(Gemm.self, version: 6, ["broadcast": .int(1)]).operation == Gemm())
    #expect(throws: TensorError.self) { try decode(Gemm.self, version: 7, ["broadcast": .int(1)]) }
    let kernel: [String: Attribute] = ["kernel_shape": .ints([2])]
    #expect(try decode(MaxPool.self, version: 1, kernel).operation == MaxPool(window: SlidingWindow(kernel: [2])))
    let dilated = kernel.merging(["dilations": .ints([2])]) { $1 }
    #expect(throws: TensorError.self) { try decode(MaxPool.self, version: 8, dilated) }
    #expect(throws: TensorError.self) { try decode(AveragePool.self, version: 11, dilated) }
    #expect(
      try decode(AveragePool.self, version: 19, dilated).operation
        == AveragePool(window: SlidingWindow(kernel: [2], dilations: [2])))
    #expect(try decode(LogSoftmax.self, version: 11).operation == LogSoftmax(axis: 1, flattensFromAxis: true))
    #expect(try decode(HardSigmoid.self, version: 1, ["consumed_inputs": .ints([0])]).operation == HardSigmoid())
  }

  @Test("auto_pad is one of four words, and no pads stand beside it")
  func autoPad() throws {
    let valid: [String: Attribute] = ["auto_pad": .text("VALID"), "pads": .ints([0, 0])]
    #expect(try decode(Conv.self, version: 1, valid).operation == Conv(window: SlidingWindow(autoPad: .valid)))
    var error = #expect(throws: TensorError.self) {
      try decode(Conv.self, version: 11, ["auto_pad": .text("SAME")])
    }
    #expect(
      error?.message
        == "Conv: the attribute auto_pad is 'SAME', and only NOTSET, SAME_UPPER, SAME_LOWER and VALID are supported")
    error = #expect(throws: TensorError.self) {
      try decode(Conv.self, version: 11, ["auto_pad": .text("SAME_UPPER"), "pads": .ints([1, 0])])
    }
    #expect(
      error?.message
        == "Conv: the attributes pads and auto_pad (SAME_UPPER) contradict each other; leave one out")
    error = #expect(throws: TensorError.self) {
      try decode(LayerNormalization.self, version: 17, ["stash_type": .int(16)])
    }
    #expect(
      error?.message
        == "LayerNormalization: the attribute stash_type is 16, and only 1 (float32) is supported")
  }
}
