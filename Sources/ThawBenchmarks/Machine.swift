import ThawGraph
import ThawTensor

/// What the machine can do, measured: a product of large matrices, and a sum of vectors that no cache holds.
struct Machine: Encodable {
  /// Floating-point operations a second.
  let arithmetic: Double
  /// Bytes a second.
  let bandwidth: Double

  init(seconds: Double = 0.5) throws {
    let size = 1536
    let matrix = try RandomGenerator(seed: 1).uniform([size, size])
    let product = try Program(Trace(inputs: [matrix.type, matrix.type]) { [$0[0].matmul($0[1])] })
    let time = try Timing.measure(seconds: seconds) { _ = try product.run([matrix, matrix]) }
    arithmetic = 2 * Double(size * size * size) / time.milliseconds * 1000
    let count = 1 << 24
    let (b, c) = (try Tensor.full([count], 1), try Tensor.full([count], 2))
    let triad = try Program(Trace(inputs: [b.type, c.type]) { [$0[0] + $0[1] * 3] })
    let pass = try Timing.measure(seconds: seconds) { _ = try triad.run([b, c]) }
    bandwidth = 3 * 4 * Double(count) / pass.milliseconds * 1000
  }
}
