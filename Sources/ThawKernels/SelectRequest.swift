import CKernels
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

  package func mayOverwrite(input: Int, byOutput output: Int) -> Bool {
    let sizes = [DType.bool, dtype, dtype].map(\.itemSize)
    return sizes[input] == dtype.itemSize
      && [conditionStrides, trueStrides, falseStrides][input] == contiguousStrides(shape)
  }

  package func prepare(for backend: Backend) throws -> Kernel {
    guard backend != .oneDNN, let row = Row(thaw_select_row(Int32(dtype.itemSize))) else {
      throw KernelError.unsupported(operation: "select", detail: "\(dtype)")
    }
    let size = dtype.itemSize
    let nest = try LoopNest(
      operation: "select", shape: shape,
      strides: [conditionStrides, trueStrides, falseStrides, contiguousStrides(shape)],
      itemSizes: [1, size, size, size])
    return Kernel { operands, _ in nest.run(row, operands) }
  }
}
