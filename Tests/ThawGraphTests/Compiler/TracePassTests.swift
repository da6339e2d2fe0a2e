import Testing
import ThawTensor

@testable import ThawGraph

@Suite("Passes on traces") struct TracePassTests {
  private let x = Tensor([1, 2, 3, 4] as [Float], shape: [2, 2])

  @Test("what follows from shapes is computed once") func folding() throws {
    func scaled(_ x: Tensor) throws -> Tensor {
      x * (try apply(Cast(to: .float32), to: x.shapeTensor()).sum() ** -0.5)
    }
    var trace = try trace { [try scaled($0[0])] }
    #expect(names(of: trace) == ["Cast", "ReduceSum", "Pow", "Mul"])
    try trace.foldConstants()
    #expect(names(of: trace) == ["Mul"])
    try expectSame(trace, [scaled(x)])
  }

  @Test("what is much larger than what it is made of is computed in each run") func largeConstants() throws {
    let count = 5_000_000
    let body: ([Tensor]) throws -> [Tensor] = { x in
      let filled = try apply(Expand(), to: Tensor(2 as Float), Tensor([count])) + 1
      return [x[0] * filled.mean(), x[0] + Tensor(1 as Float).expanded(to: [10, 1, 1]) * 3]
    }
    var trace = try trace(body)
    try trace.foldConstants()
    #expect(trace.constants.values.allSatisfy { $0.count <= 10 })
    #expect(names(of: trace) == ["Expand", "Add", "ReduceMean", "Mul", "Add"])
    let program = try Program(trace)
    #expect(program.islands.isEmpty)
    #expect(program.arenaByteCount >= 4 * count)
    try expectSame(trace, body([x]))
  }

  @Test("what is drawn is drawn in each run, and twice where it stands twice") func draws() throws {
    let body: ([Tensor]) throws -> [Tensor] = { x in
      let noise = try (0..<2).map { _ in try apply(RandomNormal(.normal(mean: 0, scale: 1), shape: [2, 2])) }
      let like = try (0..<2).map { _ in try apply(RandomUniformLike(), to: x[0]) }
      let seeded = try (0..<2).map { _ in try apply(RandomUniformLike(seed: 1), to: x[0]) }
      return noise + like + seeded
    }
    let program = try Program(try trace(body))
    #expect(program.islands.count == 4)
    #expect(program.islands.first == "RandomNormal: the operation draws random numbers")
    let runs = try (0..<2).map { _ in try program.run([x]).map { try $0.elements(as: Float.self) } }
    #expect(Set(runs.flatMap { $0[..<4] }).count == 8)
    #expect(Set(runs.flatMap { $0[4...] }).count == 1)
  }

  @Test("what is computed twice is computed once, with all outputs that anybody wants") func sharing() throws {
    let body: ([Tensor]) throws -> [Tensor] = { x in
      let left = (x[0] * 2).exp() + (x[0] * 2.0).exp()
      let values = try apply(TopK(), to: [.tensor(x[0]), .tensor(Tensor([1]))], wanted: .only(0))
      let places = try apply(TopK(), to: [.tensor(x[0]), .tensor(Tensor([1]))], wanted: .only(1))
      let others = try apply(TopK(largest: false), to: [.tensor(x[0]), .tensor(Tensor([1]))], wanted: .only(0))
      return [left] + [values[0], places[1], others[0]].compactMap { $0?.tensor }
    }
    var trace = try trace(body)
    #expect(trace.nodes.count == 8)
    try trace.shareSubexpressions()
    #expect(names(of: trace) == ["Mul", "Exp", "Add", "TopK", "TopK"])
    try expectSame(trace, body([x]))
  }

  private func trace(_ body: ([Tensor]) throws -> [Tensor]) throws -> Trace { try Trace(inputs: [x.type], body) }

  private func names(of trace: Trace) -> [String] { trace.nodes.map { $0.operation.schema.name } }

  private func expectSame(_ trace: Trace, _ expected: [Tensor]) throws {
    let found = try Program(trace, CompilerOptions(disabled: Set(CompilerOptions.Pass.allCases))).run([x])
    for (found, expected) in zip(found, expected) {
      #expect(found.type == expected.type)
      #expect(try found.elements(as: Double.self) == expected.elements(as: Double.self))
    }
  }
}
