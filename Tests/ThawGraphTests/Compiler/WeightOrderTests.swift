import Testing
import ThawKernels
import ThawTensor

@testable import ThawGraph

/// A convolution, a pooling, and a product with all that they give.
@Suite("Weights in the order of images in blocks") struct WeightOrderTests {
  struct Row: CustomTestStringConvertible, Sendable {
    let channels: Int
    let samples: Int
    let isTransposed: Bool
    var testDescription: String { "\(channels) channels, \(samples) samples, transposed: \(isTransposed)" }
  }

  static let rows = [16, 24, 32].flatMap { channels in
    [1, 3].flatMap { samples in
      [false, true].map { Row(channels: channels, samples: samples, isTransposed: $0) }
    }
  }

  @Test("programs = eager, with the pass and without; no image is laid out anew", arguments: rows)
  func product(row: Row) throws {
    let drawn = { (seed: UInt64, shape: [Int]) in try RandomGenerator(seed: seed).uniform(shape, from: -1, to: 1) }
    let image = try drawn(1, [row.samples, row.channels, 12, 10])
    let kernel = try drawn(2, [row.channels, row.channels, 3, 3])
    let count = row.channels * 6 * 5
    let weight = try drawn(3, row.isTransposed ? [40, count] : [count, 40])
    @Sendable func network(_ inputs: [Tensor]) -> [Tensor] {
      let features = inputs[0].conv(kernel, pads: [1, 1, 1, 1]).relu().maxPool(kernel: [2, 2], strides: [2, 2])
      let rows = features.reshaped(to: [row.samples, count])
      return [rows.matmul(row.isTransposed ? weight.transposed([1, 0]) : weight)]
    }
    let expected = try network([image])[0].elements(as: Double.self)
    let bound = 2e-5 * (expected.map(abs).max() ?? 0)
    var reorderCounts: [Int] = []
    for disabled in [[], [.orderWeights]] as [Set<CompilerOptions.Pass>] {
      var options = CompilerOptions(disabled: disabled)
      options.isDescribed = true
      let program = try Program(Trace(inputs: [image.type], network), options)
      let found = try program.run([image])[0].elements(as: Double.self)
      #expect(zip(found, expected).allSatisfy { abs($0 - $1) <= bound })
      reorderCounts.append(program.description?.steps.count(where: \.isReorder) ?? -1)
    }
    if case .blocked(let block) = ChannelLayout.preferred, row.channels % block == 0 {
      #expect(reorderCounts == [0, 1])
    } else {
      #expect(reorderCounts == [0, 0])
    }
  }
}
