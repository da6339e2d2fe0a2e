import CKernels
import ThawTypes

/// Random numbers, uniform between two bounds, of which `high` is not among them but for rounding. Operands: `[out]`, or
/// `[seed, out]` with an int64 seed.
///
/// Philox4x32-10 with `seed` as the key: element i comes from the counter at `offset` + i, so the numbers depend neither
/// on the number of threads nor on how a sequence is cut into requests. Between 0 and 1 float32 has 24 random bits,
/// float64 53.
package struct RandomUniformRequest: KernelRequest {
  package var dtype: DType
  package var count: Int
  /// nil where it is an operand.
  package var seed: UInt64?
  package var offset: UInt64
  package var low: Double
  package var high: Double

  package init(
    dtype: DType, count: Int, seed: UInt64?, offset: UInt64, from low: Double = 0, to high: Double = 1
  ) {
    self.dtype = dtype
    self.count = count
    self.seed = seed
    self.offset = offset
    (self.low, self.high) = (low, high)
  }

  package func prepare(for backend: Backend) throws -> Kernel {
    guard backend != .oneDNN else { throw unsupported }
    guard dtype == .float32 || dtype == .float64 else { return try prepareConverted(for: backend) }
    return Kernel { [self] operands, _ in
      let seed = seed ?? UInt64(bitPattern: operands[0]!.loadUnaligned(as: Int64.self))
      let output = operands[operands.count - 1]
      parallel(count, grain: LoopNest.grain) {
        _ = thaw_random_uniform(
          dtype.rawValue, seed, offset, low, high - low, Int64($0.lowerBound), Int64($0.upperBound), output)
      }
    }
  }
}

extension RandomUniformRequest: ConvertibleRequest {
  var operation: String { "random numbers" }
  var operandLayouts: [OperandLayout] {
    (seed == nil ? [OperandLayout(dtype: .int64, shape: [])] : [])
      + [OperandLayout(dtype: dtype, shape: [count], role: .output)]
  }
  var computeType: DType? { dtype.isFloatingPoint ? dtype.computeType : nil }

  func converted(to dtype: DType, strides: [[Int]]) -> RandomUniformRequest {
    RandomUniformRequest(dtype: dtype, count: count, seed: seed, offset: offset, from: low, to: high)
  }
}
