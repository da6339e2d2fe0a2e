import Testing
import ThawTensor

@testable import ThawGraph

@Suite("The memory plan") struct MemoryPlanTests {
  @Test("buffers whose lives meet lie apart", arguments: 0..<20) func apart(seed: Int) {
    var generator = SplitMix(state: UInt64(seed))
    let lives = (0..<60).map { buffer in
      let first = Int(generator.next() % 40)
      return MemoryPlan.Life(
        buffers: [buffer], byteCount: Int(generator.next() % 5000), first: first,
        last: first + Int(generator.next() % 12))
    }
    let plan = MemoryPlan(lives)
    for (index, a) in lives.enumerated() {
      guard let start = plan.offsets[a.buffers[0]] else {
        Issue.record("buffer \(index) has no place")
        continue
      }
      #expect(start % MemoryPlan.alignment == 0 && start + a.byteCount <= plan.byteCount)
      for b in lives[..<index] where a.first <= b.last && b.first <= a.last {
        let other = plan.offsets[b.buffers[0]] ?? 0
        #expect(start + a.byteCount <= other || other + b.byteCount <= start, "\(a) and \(b)")
      }
    }
  }

  @Test("a chain of functions takes one place") func chain() throws {
    let trace = try Trace(inputs: [TensorType(.float32, shape: [1024])]) { [(-$0[0].exp().tanh().sqrt()).abs()] }
    let program = try Program(trace, CompilerOptions(disabled: [.fuseElementwise]))
    #expect(program.arenaByteCount == 4096)
  }

  @Test("a value that is read again keeps its place") func kept() throws {
    let trace = try Trace(inputs: [TensorType(.float32, shape: [1024])]) { inputs in
      let a = inputs[0].exp()
      return [a.tanh().sqrt() + a]
    }
    let program = try Program(trace, CompilerOptions(disabled: [.fuseElementwise]))
    #expect(program.arenaByteCount == 8192)
  }

  /// Networks of random operations, some of which other ones read several times, in other shapes, or not at all.
  @Test("random programs give eager's bits, in many tasks", arguments: 0..<12) func random(seed: Int) async throws {
    @Sendable func body(_ inputs: [Tensor]) throws -> [Tensor] {
      var generator = SplitMix(state: UInt64(seed))
      var values = inputs
      for _ in 0..<30 {
        let a = values[Int(generator.next() % UInt64(values.count))]
        let b = values[Int(generator.next() % UInt64(values.count))]
        switch generator.next() % 8 {
        case 0: values.append(a + b)
        case 1: values.append((a * b).tanh())
        case 2: values.append(.where(a .> b, a, b * 0.5))
        case 3: values.append(a - a.mean(axes: [1], keepDims: true))
        case 4: values.append(a.transposed().exp().transposed().tanh())
        case 5: values.append(a.relu() + 1)
        case 6: values.append(a.softmax(axis: 1))
        default: values.append((a - b).sigmoid())
        }
      }
      return Array(values.suffix(3))
    }
    let random = RandomGenerator(seed: UInt64(seed))
    let inputs = try (0..<2).map { _ in try random.uniform([9, 70], from: -1, to: 1) }
    let expected = try body(inputs).map { try $0.elements(as: Float.self) }
    for options in [CompilerOptions(), CompilerOptions(disabled: [.fuseElementwise])] {
      let program = try Program(Trace(inputs: inputs.map(\.type), body), options)
      try await withThrowingTaskGroup(of: Void.self) { group in
        for _ in 0..<16 {
          group.addTask {
            for _ in 0..<3 {
              let found = try program.run(inputs).map { try $0.elements(as: Float.self) }
              #expect(found == expected)
            }
          }
        }
        try await group.waitForAll()
      }
    }
  }
}

/// Numbers that only depend on the seed.
private struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
