import ThawTypes

/// Each element from one of two operands, as a condition says. Operands: `[condition (bool), a, b, out]`.
package struct SelectRequest: KernelRequest {
  package var dtype: DType
  package var shape: [Int]
  package var conditionStrides: [Int]
  package var trueStrides: [Int]
  package var falseStrides: [Int]

  package init(dtype: DType, shape: [Int], conditionStrides: [Int], trueStrides: [Int], falseStrides: [Int]) {
    self.dtype = dtype
    self.shape = shape
    self.conditionStrides = conditionStrides
    self.trueStrides = trueStrides
    self.falseStrides = falseStrides
  }

  package func prepare(for backend: Backend) throws -> Kernel {
    throw KernelError.unsupported(operation: "select", detail: "\(dtype)")
  }
}
