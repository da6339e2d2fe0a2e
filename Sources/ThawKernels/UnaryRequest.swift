import ThawTypes

/// A function of each element. Operands: `[in, out]`.
///
/// The output has the operand's type, and bool for `isNaN` and `isInf`.
package struct UnaryRequest: KernelRequest {
  package var function: UnaryFunction
  package var alpha: Double
  package var beta: Double
  package var dtype: DType
  package var shape: [Int]
  package var strides: [Int]

  package init(
    function: UnaryFunction, alpha: Double = 0, beta: Double = 0, dtype: DType, shape: [Int], strides: [Int]
  ) {
    self.function = function
    self.alpha = alpha
    self.beta = beta
    self.dtype = dtype
    self.shape = shape
    self.strides = strides
  }

  package func prepare(for backend: Backend) throws -> Kernel {
    throw KernelError.unsupported(operation: "\(function)", detail: "\(dtype)")
  }
}
