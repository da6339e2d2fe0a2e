import OperatorSamples
import Testing
import ThawTensor
import ThawTypes

@testable import ThawGraph

/// A graph written node by node.
struct HandmadeGraph {
  private(set) var graph = Graph()

  mutating func input(_ name: String, _ type: TensorType) -> Int {
    graph.values.append(Graph.Value(name: name, type: .tensor(type)))
    graph.inputs.append(graph.values.count - 1)
    return graph.values.count - 1
  }

  mutating func constant(_ tensor: Tensor) -> Int {
    graph.values.append(Graph.Value(name: "constant", type: .tensor(tensor.type)))
    graph.initials[graph.values.count - 1] = .constant(StoredTensor(tensor, name: "constant"))
    return graph.values.count - 1
  }

  mutating func parameter(_ parameter: Parameter) -> Int {
    graph.values.append(Graph.Value(name: parameter.name, type: .tensor(parameter.type)))
    graph.initials[graph.values.count - 1] = .parameter(parameter)
    return graph.values.count - 1
  }

  mutating func add(_ operation: any Operator, _ inputs: Int?..., outputs: Int = 1) -> Int {
    add(operation, inputs: inputs, outputs: outputs)[0]
  }

  mutating func add(_ operation: any Operator, inputs: [Int?], outputs: Int) -> [Int] {
    let first = graph.values.count
    for _ in 0..<outputs { graph.values.append(Graph.Value(name: "value")) }
    graph.nodes.append(
      Graph.Node(
        name: "\(operation.schema.name)_\(graph.nodes.count)", opType: operation.schema.name,
        operation: .known(operation), inputs: inputs, outputs: Array(first..<(first + outputs))))
    return Array(first..<(first + outputs))
  }

  func replay(_ targets: [Int]) throws -> Replay { try Replay(graph, targets: targets) }
}

@Suite("Programs in stages") struct StagedProgramTests {
  @Test("every sample with all its inputs given when it runs", arguments: RecordedRow.all)
  func sample(row: RecordedRow) throws {
    let tensors = try row.tensors(.float32)
    var graph = HandmadeGraph()
    var given: [Int: Value] = [:]
    let inputs = tensors.map { tensor -> Int? in
      guard let tensor else { return nil }
      // An operation before, so that the inputs are no inputs of the graph.
      let input = graph.input("input", tensor.type)
      given[input] = .tensor(tensor)
      return graph.add(Identity(), input)
    }
    let count = (0..<8).last { row.sample.wanted[$0] }.map { $0 + 1 } ?? 1
    let outputs = graph.add(row.sample.operation, inputs: inputs, outputs: max(count, row.sample.outputCount))
    let targets = outputs.indices.filter { row.sample.wanted[$0] && $0 < row.sample.outputCount }.map { outputs[$0] }
    let replay = try graph.replay(targets)
    let expected = try replay.run(given).targets
    let staged = try StagedProgram(replay, CompilerOptions(disabled: [.fuseProducts]))
    for _ in 0..<3 {
      for (found, expected) in zip(try staged.run(given), expected) { try expectSame(found, expected) }
    }
  }

  /// exp(w · the positive elements of x) + 1, and how many there are.
  private func positives(_ weight: Parameter) throws -> (Replay, input: Int) {
    var graph = HandmadeGraph()
    let x = graph.input("x", .float32("N"))
    let doubled = graph.add(Mul(), x, graph.parameter(weight))
    let places = graph.add(NonZero(), graph.add(Greater(), doubled, graph.constant(Tensor(0 as Float))))
    let found = graph.add(
      Gather(), doubled, graph.add(Squeeze(), places, graph.constant(Tensor([0] as [Int]))))
    let sum = graph.add(Add(), graph.add(Exp(), found), graph.constant(Tensor(1 as Float)))
    let count = graph.add(Size(), found)
    return (try graph.replay([sum, count]), x)
  }

  @Test("what follows a size that data gives is compiled for the sizes that come") func sizes() throws {
    let weight = Parameter("w", Tensor(2 as Float))
    let (replay, x) = try positives(weight)
    let staged = try StagedProgram(replay)
    for count in [3, 3, 3, 1, 0, 100, 3] {
      // More than 64 elements: their numbers are nothing to compile for.
      let numbers = (0..<128).map { $0 < count ? Float($0 % 7) + 0.5 : -1 }
      let given = [x: Value.tensor(Tensor(numbers))]
      let expected = try replay.run(given).targets
      for (found, expected) in zip(try staged.run(given), expected) { try expectSame(found, expected) }
    }
    #expect(staged.islands == ["NonZero 'NonZero_2': the numbers of its input 'X' decide what is computed"])
    // The first stage, and those after 3 and 1 elements; 0 and 100 were met once.
    #expect(staged.programCount == 3)
    #expect(staged.isCurrent)
    try weight.set(Tensor(3 as Float))
    #expect(!staged.isCurrent)
  }

  @Test("few numbers that decide a shape are compiled for, until they keep changing") func shapes() throws {
    var graph = HandmadeGraph()
    let x = graph.input("x", .float32([24]))
    let shape = graph.input("shape", .int64([2]))
    let reshaped = graph.add(Reshape(), graph.add(Exp(), x), shape)
    let result = graph.add(Softmax(axis: 1), reshaped)
    let replay = try graph.replay([result])
    let staged = try StagedProgram(replay)
    func check(_ shapes: [[Int]]) throws {
      for shape in shapes {
        let given = [0: Value.tensor(Tensor((0..<24).map { Float($0) / 9 })), 1: .tensor(Tensor(shape))]
        try expectSame(try staged.run(given)[0], try replay.run(given).targets[0])
      }
    }
    try check([[4, 6], [4, 6], [4, 6], [6, 4]])
    #expect(staged.programCount == 3)
    let divisors = [1, 2, 3, 4, 6, 8, 12, 24]
    try check(divisors.map { [$0, -1] } + divisors.map { [-1, $0] })
    // By types alone now: one program for each shape that comes out.
    try check([[2, 12], [-1, 12], [2, -1], [2, 12]])
    #expect(staged.islands == ["Reshape 'Reshape_1': the numbers of its input 'shape' decide what is computed"])
  }

  @Test("branches and loops are compiled for the condition and the count") func controlFlow() throws {
    let branches = If(
      then: SwiftBody(captures: 1, outputs: [.float32([2])]) { _, captured in [captured[0] * captured[0]] },
      else: SwiftBody(captures: 1, outputs: [.float32([2])]) { _, captured in [captured[0].exp()] })
    var graph = HandmadeGraph()
    let x = graph.input("x", .float32([2]))
    let sum = graph.add(ReduceSum(options: ReductionOptions(keepDims: false)), x)
    let chosen = graph.add(branches, graph.add(Greater(), sum, graph.constant(Tensor(0 as Float))), x, x)
    let result = graph.add(Neg(), chosen)
    let replay = try graph.replay([result])
    let staged = try StagedProgram(replay)
    for sign in [1, 1, -1, 1, -1] as [Float] {
      let given = [x: Value.tensor(Tensor([2 * sign, sign]))]
      try expectSame(try staged.run(given)[0], try replay.run(given).targets[0])
    }
    #expect(staged.islands == ["If 'If_2': the numbers of its input 'cond' decide what is computed"])
    #expect(staged.programCount == 3)
  }

  @Test("a loop that waits for its count and for its condition", .timeLimit(.minutes(1))) func waitsForTwo() throws {
    let body = SwiftBody(
      inputs: [.int64([]), TensorType(.bool, shape: []), .float32([2])], captures: 1,
      outputs: [TensorType(.bool, shape: []), .float32([2])]
    ) { inputs, captured in [inputs[1], captured[0] * inputs[2]] }
    var graph = HandmadeGraph()
    let x = graph.input("x", .float32([2]))
    // The count is known while the first stage is made; then it is one more number that came out.
    let count = graph.add(Size(), x)
    let sum = graph.add(ReduceSum(options: ReductionOptions(keepDims: false)), x)
    let condition = graph.add(Greater(), sum, graph.constant(Tensor(0 as Float)))
    let result = graph.add(Loop(body), count, condition, x, x)
    let replay = try graph.replay([result])
    let staged = try StagedProgram(replay)
    for sign in [1, 1, -1, 1, -1] as [Float] {
      let given = [x: Value.tensor(Tensor([2 * sign, sign]))]
      try expectSame(try staged.run(given)[0], try replay.run(given).targets[0])
    }
  }

  @Test("an error names its node") func errors() throws {
    var graph = HandmadeGraph()
    let x = graph.input("x", .float32([4]))
    let reshaped = graph.add(Reshape(), graph.add(Exp(), x), graph.input("shape", .int64([1])))
    let staged = try StagedProgram(graph.replay([reshaped]))
    for _ in 0..<3 {
      let error = #expect(throws: TensorError.self) {
        try staged.run([0: .tensor(Tensor.ones([4])), 2: .tensor(Tensor([5]))])
      }
      #expect(
        error?.message
          == "node 'Reshape_1': Reshape: the input of shape [4] has 4 elements, which do not fill the shape [5]")
    }
  }

  @Test("sixteen tasks at once") func tasks() async throws {
    let (replay, x) = try positives(Parameter("w", Tensor(2 as Float)))
    let staged = try StagedProgram(replay)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for task in 0..<16 {
        group.addTask {
          for round in 0..<5 {
            let numbers = (0..<128).map { Float(($0 * (task + 1)) % (round + 3)) - 1 }
            let given = [x: Value.tensor(Tensor(numbers))]
            try expectSame(try staged.run(given)[0], try replay.run(given).targets[0])
          }
        }
      }
      try await group.waitForAll()
    }
  }

  private func expectSame(_ found: Value, _ expected: Value) throws {
    let (found, expected) = (try #require(found.tensor), try #require(expected.tensor))
    try #require(found.dtype == expected.dtype && found.shape == expected.shape)
    if found.dtype == .string { return #expect(try found.strings() == expected.strings()) }
    let pairs = zip(try found.elements(as: Double.self), try expected.elements(as: Double.self))
    // Some passes add and scale in another order.
    #expect(
      pairs.allSatisfy { $0 == $1 || ($0.isNaN && $1.isNaN) || abs($0 - $1) <= 2e-5 * max(1, abs($1)) },
      "\(found), expected \(expected)")
  }
}
