import ThawKernels
import ThawTypes

extension Tensor {
  /// Random numbers, uniform in `low ..< high`.
  ///
  /// Counter-based: number i of a seed is the same whatever was drawn before, and however many threads draw.
  ///
  /// - Parameter offset: the number of the first element in the seed's sequence.
  /// - Throws: `TensorError` of kind `shape` or `memory` when there can be no such tensor.
  package static func uniform(
    _ shape: [Int], from low: Double = 0, to high: Double = 1, seed: UInt64, offset: UInt64 = 0,
    dtype: DType = .float32
  ) throws -> Tensor {
    guard let count = DType.elementCount(of: shape) else {
      throw TensorError(.shape, "a tensor of shape \(shape) has no valid element count")
    }
    let request = RandomUniformRequest(dtype: dtype, count: count, seed: seed, offset: offset)
    let unit = try compute(request, dtype: dtype, shape: shape)
    return try noGrad { try withErrors { unit * (high - low) + low } }
  }
}
