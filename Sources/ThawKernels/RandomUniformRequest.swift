import ThawTypes

/// Random numbers, uniform in [0, 1). Operands: `[out]`.
///
/// Philox4x32-10 with `seed` as the key: element i comes from the counter at `offset` + i, so the numbers depend neither
/// on the number of threads nor on how a sequence is cut into requests. float32 has 24 random bits, float64 53.
package struct RandomUniformRequest: KernelRequest {
  package var dtype: DType
  package var count: Int
  package var seed: UInt64
  package var offset: UInt64

  package init(dtype: DType, count: Int, seed: UInt64, offset: UInt64) {
    self.dtype = dtype
    self.count = count
    self.seed = seed
    self.offset = offset
  }

  package func prepare(for backend: Backend) throws -> Kernel {
    throw KernelError.unsupported(operation: "random numbers", detail: "\(dtype)")
  }
}
