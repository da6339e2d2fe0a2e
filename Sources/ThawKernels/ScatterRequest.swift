import ThawTypes

/// How a scattered element meets the one that is there.
package enum ScatterReduction: Int32, Hashable, Sendable, CaseIterable {
  case none, add, multiply, maximum, minimum
}

/// Slices put along the middle axis of (outer, length, inner), onto what the output already holds.
///
/// Operands: `[updates (outer, indexCount, inner), indices, out]`. The caller has checked the indices; negative ones
/// count from the end. Where an index repeats, updates apply in order.
package struct ScatterRequest: KernelRequest {
  package var reduction: ScatterReduction
  package var dtype: DType
  package var outer: Int
  package var length: Int
  package var inner: Int
  package var indexCount: Int
  /// `int32` or `int64`.
  package var indexType: DType

  package init(
    reduction: ScatterReduction, dtype: DType, outer: Int, length: Int, inner: Int, indexCount: Int, indexType: DType
  ) {
    self.reduction = reduction
    self.dtype = dtype
    self.outer = outer
    self.length = length
    self.inner = inner
    self.indexCount = indexCount
    self.indexType = indexType
  }

  package func prepare(for backend: Backend) throws -> Kernel {
    throw KernelError.unsupported(operation: "scatter", detail: "\(dtype)")
  }
}
