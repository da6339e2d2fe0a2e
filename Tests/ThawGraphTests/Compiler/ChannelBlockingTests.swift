import Testing
import ThawTensor

@testable import ThawGraph

@Suite("Images in blocks of channels") struct ChannelBlockingTests {
  /// 255 is the most that a byte tells apart, which indices in blocks are.
  @Test("maxima of large windows between convolutions, and their gradients", arguments: [15, 16, 20])
  func largeWindows(size: Int) throws {
    let drawn = { (seed: UInt64, shape: [Int]) in try RandomGenerator(seed: seed).uniform(shape, from: -1, to: 1) }
    let inputs = try [drawn(1, [2, 16, size, size]), drawn(2, [32, 16, 3, 3]), drawn(3, [16, 32, 1, 1])]
    @Sendable func network(_ inputs: [Tensor]) -> Tensor {
      inputs[0].conv(inputs[1], pads: [1, 1, 1, 1]).relu().globalMaxPool().conv(inputs[2])
    }
    @Sendable func step(_ inputs: [Tensor]) throws -> [Tensor] {
      let leaves = try inputs.map { try $0.requiringGrad() }
      let output = try withErrors { network(leaves) }
      return [output.detach()] + (try grad(of: [withErrors { output.sum() }], withRespectTo: leaves)).compactMap { $0 }
    }
    try expectClose(Program(Trace(inputs: inputs.map(\.type)) { [network($0)] }).run(inputs), [network(inputs)])
    try expectClose(Program(Trace(inputs: inputs.map(\.type), step)).run(inputs), step(inputs))
  }

  private func expectClose(_ found: [Tensor], _ expected: [Tensor]) throws {
    try #require(found.count == expected.count)
    for (found, expected) in zip(found, expected) {
      try #require(found.shape == expected.shape)
      let values = try expected.elements(as: Double.self)
      let bound = 2e-5 * (values.map(abs).max() ?? 0) + 1e-6
      #expect(zip(try found.elements(as: Double.self), values).allSatisfy { abs($0 - $1) <= bound })
    }
  }
}
