import ThawTypes

/// A function of each pair of elements. Operands: `[a, b, out]`.
///
/// The output has the operands' type, and bool for comparisons and for `and`, `or`, `xor`.
package struct BinaryRequest: KernelRequest {
  package var function: BinaryFunction
  package var dtype: DType
  package var shape: [Int]
  package var leftStrides: [Int]
  package var rightStrides: [Int]

  package init(function: BinaryFunction, dtype: DType, shape: [Int], leftStrides: [Int], rightStrides: [Int]) {
    self.function = function
    self.dtype = dtype
    self.shape = shape
    self.leftStrides = leftStrides
    self.rightStrides = rightStrides
  }

  package func prepare(for backend: Backend) throws -> Kernel {
    throw KernelError.unsupported(operation: "\(function)", detail: "\(dtype)")
  }
}
