import ThawTypes

/// How many elements become one, with the number by which the C loops know it.
package enum ReductionFunction: Int32, Hashable, Sendable, CaseIterable {
  case sum, mean, product
  /// NaN if any element is.
  case maximum, minimum
  case sumOfSquares, l1, l2, logSum, logSumExp
  /// Where the extreme is along the one axis, as int64; NaN counts as the extreme.
  case argMaximum, argMinimum
  /// To bool.
  case all, any
}

/// The elements along some axes taken together. Operands: `[in, out]`.
///
/// The output is contiguous over the kept axes, in order. Without elements a sum is 0, a product 1, a mean NaN (0 in
/// whole numbers), an extreme the type's opposite extreme. Results do not depend on the number of threads.
package struct ReductionRequest: KernelRequest {
  package var function: ReductionFunction
  package var dtype: DType
  package var shape: [Int]
  package var strides: [Int]
  /// Ascending.
  package var axes: [Int]
  /// Which of equal extremes `argMaximum` and `argMinimum` tell: the last, or the first.
  package var selectLast: Bool

  package init(
    function: ReductionFunction, dtype: DType, shape: [Int], strides: [Int], axes: [Int], selectLast: Bool = false
  ) {
    self.function = function
    self.dtype = dtype
    self.shape = shape
    self.strides = strides
    self.axes = axes
    self.selectLast = selectLast
  }

  package func prepare(for backend: Backend) throws -> Kernel {
    throw KernelError.unsupported(operation: "\(function)", detail: "\(dtype)")
  }
}
