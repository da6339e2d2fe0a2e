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

  @Test("Tile has one number and an axis before version 6")
  func tile() throws {
    let tile = try #require(try decode(Tile.self, version: 1).operation)
    #expect(tile == Tile(hasOldInputs: true) && tile != Tile())
    let x = Tensor([1, 2, 3, 4] as [Float], shape: [2, 2], requiresGrad: true)
    let (count, axis) = (Tensor(2 as Float), Tensor(1 as Float))
    let result = try apply(tile, to: x, count, axis)
    #expect(try result.elements() == [1, 2, 1, 2, 3, 4, 3, 4] as [Float])
    try (result * result).sum().backward()
    #expect(try x.grad?.elements() == [4, 8, 12, 16] as [Float])
    let successor = try tile.successor([.tensor(x), .tensor(count), .tensor(axis)], wanted: .all)[0]?.tensor
    #expect(try successor?.elements() == result.elements(as: Float.self))
    #expect(throws: TensorError.self) { try apply(tile, to: x, count, Tensor(0.5 as Float)) }
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
    let masked = try #require(try decode(Dropout.self, version: 7, outputs: 2).operation)
    #expect(masked == Dropout(masksInDataType: true))
    let outputs = try apply(masked, to: [.tensor(Tensor([3, 4] as [Float])), .tensor(Tensor(0.5))])
    #expect(try outputs[1]?.tensor?.dtype == .float32 && outputs[1]?.tensor?.elements() == [1, 1] as [Float])
    let successor = try masked.successor([.tensor(Tensor([3, 4] as [Float]))], wanted: .all)
    #expect(successor[1]?.type == outputs[1]?.type)
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

  @Test("before version 7 the second tensor's axes may be the first's from one on", arguments: [1, 6])
  func broadcasting(version: Int) throws {
    func add(_ attributes: [String: Attribute], _ shape: [Int]) throws -> [Float] {
      let node = NodeReader(
        name: "Add", version: version, attributes: attributes, presentInputs: [true, true], outputCount: 1)
      let operation = try Operators.decode(Add.self, node)
      let (left, right) = (Tensor.zeros([2, 2, 1]), Tensor([1, 2] as [Float], shape: shape))
      #expect(
        try operation.outputTypes([.tensor(left.type), .tensor(right.type)], known: KnownValues())
          == [.tensor(try apply(operation, to: left, right).type)])
      return try apply(operation, to: left, right).elements()
    }
    #expect(try add(["broadcast": .int(1), "axis": .int(0)], [2]) == [1, 1, 2, 2])
    #expect(try add(["broadcast": .int(1), "axis": .int(1)], [2]) == [1, 2, 1, 2])
    #expect(try add(["broadcast": .int(1), "axis": .int(-2)], [2]) == [1, 2, 1, 2])
    #expect(try add(["broadcast": .int(1), "consumed_inputs": .ints([0, 0])], [2, 1]) == [1, 2, 1, 2])
    let error = #expect(throws: TensorError.self) { try add(["broadcast": .int(1), "axis": .int(3)], [2]) }
    #expect(error?.message == "Add: an input of rank 1 cannot be broadcast to one of rank 3 from axis 3 on")
  }

  @Test("PRelu's slopes are those of the channels before version 7")
  func slopes() throws {
    let node = NodeReader(name: "PRelu", version: 6, attributes: [:], presentInputs: [true, true], outputCount: 1)
    let operation = try Operators.decode(PRelu.self, node)
    let x = Tensor([-1, -1, -1, -1] as [Float], shape: [1, 2, 2])
    #expect(try apply(operation, to: x, Tensor([2, 3] as [Float])).elements(as: Float.self) == [-2, -2, -3, -3])
    #expect(try apply(operation, to: x, Tensor([2] as [Float])).elements(as: Float.self) == [-2, -2, -2, -2])
  }

  @Test("the oldest versions write settings in other attributes")
  func oldest() throws {
    #expect(try decode(Cast.self, version: 1, ["to": .text("INT64")]).operation == Cast(to: .int64))
    #expect(throws: TensorError.self) { try decode(Cast.self, version: 1, ["to": .text("COMPLEX64")]) }
    #expect(try decode(Concat.self, version: 1).operation == Concat(axis: 1))
    #expect(throws: TensorError.self) { try decode(Concat.self, version: 4) }
    #expect(try decode(Reshape.self, version: 1, ["shape": .ints([2, -1])]).supplied[1]?.integers() == [2, -1])
    #expect(try decode(Pad.self, version: 1, ["paddings": .ints([1, 0])]).supplied[1]?.integers() == [1, 0])
    let scales: [String: Attribute] = ["height_scale": .float(2), "width_scale": .float(3)]
    #expect(try decode(Upsample.self, version: 1, scales).supplied[1]?.elements(as: Float.self) == [1, 1, 2, 3])
    #expect(try decode(GlobalLpPool.self, version: 1, ["p": .float(3)]).operation == GlobalLpPool(p: 3))
    #expect(throws: TensorError.self) { try decode(GlobalLpPool.self, version: 1, ["p": .float(1.5)]) }
    #expect(try decode(Selu.self, version: 1).operation == Selu(alpha: 1.6732, gamma: 1.0507))
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
