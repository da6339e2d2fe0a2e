import Testing
import ThawKernels
import ThawTensor

@testable import ThawGraph

/// What a program says of itself is what it is.
@Suite("Program description") struct ProgramDescriptionTests {
  private static let channels = max(ChannelLayout.preferred.block, 2)

  /// relu(x * w) + 1 for an image x, of a program that was compiled to tell of itself.
  private func program(
    _ options: CompilerOptions = CompilerOptions()
  ) throws -> (program: Program, x: Tensor, description: ProgramDescription) {
    let channels = Self.channels
    var options = options
    options.isDescribed = true
    let generator = RandomGenerator(seed: 1)
    let x = try generator.uniform([2, channels, 8, 8], from: -1, to: 1)
    let w = try generator.uniform([channels, channels, 3, 3], from: -1, to: 1)
    let trace = try Trace(inputs: [x.type]) { [$0[0].conv(w, pads: [1, 1, 1, 1]).relu() + 1] }
    let program = try Program(trace, options)
    return (program, x, try #require(program.description))
  }

  @Test("operators before, steps after, each operator computed by one of them")
  func steps() throws {
    let (program, x, description) = try program()
    #expect(description.operators == ["Conv", "Relu", "Add"])
    #expect(description.steps.filter { !$0.isReorder }.flatMap(\.operators).sorted() == ["Add", "Conv", "Relu"])
    let convolution = try #require(description.steps.first { $0.operators.contains("Conv") })
    #expect(convolution.kind.hasPrefix("convolution forward"))
    #expect(convolution.arithmetic == Double(2 * x.count * Self.channels * 9))
    #expect(convolution.implementation.isEmpty == false)
    #expect(description.islands == program.islands)
    #expect(description.arenaByteCount == program.arenaByteCount)
    #expect(description.scratchByteCount == program.scratchByteCount)
    #expect(description.inputByteCount == x.count * 4)
    #expect(description.outputByteCount == x.count * 4)
    // The weights, and the one that is added.
    #expect(description.constantByteCount >= Self.channels * Self.channels * 9 * 4 + 4)
  }

  @Test("layouts and reorders are told where the library has blocks")
  func layouts() throws {
    let reorders = { (description: ProgramDescription) in description.steps.filter(\.isReorder).count }
    let blocked = try program().description
    let plain = try program(CompilerOptions(disabled: [.blockChannels])).description
    let blocks = Set(plain.steps.flatMap { ($0.inputs + $0.outputs).map { $0?.channelBlock ?? 1 } })
    #expect(blocks == [1] && reorders(plain) == 0)
    guard ChannelLayout.preferred != .plain else { return }
    #expect(blocked.steps.contains { $0.outputs.contains { $0?.channelBlock == Self.channels } })
    #expect(reorders(blocked) == 1)
  }

  @Test("a pass tells what it changed, or that it was left out", arguments: CompilerOptions.Pass.allCases)
  func passes(pass: CompilerOptions.Pass) throws {
    let described = try program().description
    #expect(described.passes.map(\.name) == CompilerOptions.Pass.allCases.map(\.rawValue))
    for entry in described.passes {
      #expect(entry.changes.reduce(0) { $0 + $1.count } == entry.countAfter - entry.countBefore, "\(entry)")
    }
    #expect(described.passes.last?.countAfter == described.steps.count)
    let without = try program(CompilerOptions(disabled: [pass])).description
    #expect(without.passes.filter(\.isDisabled).map(\.name) == [pass.rawValue])
  }

  @Test("a profile times each step once, and the numbers stay the same")
  func profile() throws {
    let (program, x, description) = try program()
    var places: [Int] = []
    let found = try program.run([x]) { place, duration in
      places.append(place)
      #expect(duration >= .zero)
    }
    #expect(places == Array(description.steps.indices))
    #expect(try found[0].elements(as: Float.self) == program.run([x])[0].elements(as: Float.self))
  }

  @Test("a program that was not asked keeps nothing")
  func silence() throws {
    let trace = try Trace(inputs: [.float32(3)]) { [$0[0].exp()] }
    #expect(try Program(trace).description == nil)
  }
}
