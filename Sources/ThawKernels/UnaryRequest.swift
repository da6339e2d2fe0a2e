import CKernels
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

  package func mayOverwrite(input: Int, byOutput output: Int) -> Bool {
    let sizes = operandLayouts.map(\.dtype.itemSize)
    return sizes[0] == sizes[1] && strides == contiguousStrides(shape)
      && thaw_unary_row(function.rawValue, dtype.rawValue) != nil
  }

  package func prepare(for backend: Backend) throws -> Kernel {
    guard backend != .oneDNN else { throw unsupported }
    guard let row = Row(thaw_unary_row(function.rawValue, dtype.rawValue)) else {
      return try prepareConverted(for: backend)
    }
    let nest = try LoopNest(
      operation: operation, shape: shape, strides: [strides, contiguousStrides(shape)],
      itemSizes: operandLayouts.map(\.dtype.itemSize))
    let parameters = thaw_unary_parameters(alpha: alpha, beta: beta)
    return Kernel { operands, _ in
      withUnsafePointer(to: parameters) { nest.run(row, operands, context: $0) }
    }
  }
}

extension UnaryRequest: ConvertibleRequest {
  var operation: String { "\(function)" }

  var operandLayouts: [OperandLayout] {
    [
      OperandLayout(dtype: dtype, shape: shape, strides: strides),
      OperandLayout(dtype: function.givesBool ? .bool : dtype, shape: shape, role: .output),
    ]
  }

  /// The error function, which ONNX has of whole numbers too, is computed as of floating ones.
  var computeType: DType? {
    if function == .not { return .bool }
    return function == .erf && dtype.isInteger ? .float32 : dtype.computeType
  }

  func converted(to dtype: DType, strides: [[Int]]) -> UnaryRequest {
    var request = self
    request.dtype = dtype
    request.strides = strides[0]
    return request
  }
}
