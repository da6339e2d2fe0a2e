import CKernels
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

  package func mayOverwrite(input: Int, byOutput output: Int) -> Bool {
    let sizes = operandLayouts.map(\.dtype.itemSize)
    return sizes[input] == sizes[2] && [leftStrides, rightStrides][input] == contiguousStrides(shape)
      && thaw_binary_row(function.rawValue, dtype.rawValue) != nil
  }

  package func prepare(for backend: Backend) throws -> Kernel {
    guard backend != .oneDNN else { throw unsupported }
    guard let row = Row(thaw_binary_row(function.rawValue, dtype.rawValue)) else {
      return try prepareConverted(for: backend)
    }
    let nest = try LoopNest(
      operation: operation, shape: shape, strides: [leftStrides, rightStrides, contiguousStrides(shape)],
      itemSizes: operandLayouts.map(\.dtype.itemSize))
    return Kernel { operands, _ in nest.run(row, operands) }
  }
}

extension BinaryRequest: ConvertibleRequest {
  var operation: String { "\(function)" }

  var operandLayouts: [OperandLayout] {
    [
      OperandLayout(dtype: dtype, shape: shape, strides: leftStrides),
      OperandLayout(dtype: dtype, shape: shape, strides: rightStrides),
      OperandLayout(dtype: function.givesBool ? .bool : dtype, shape: shape, role: .output),
    ]
  }

  func converted(to dtype: DType, strides: [[Int]]) -> BinaryRequest {
    BinaryRequest(function: function, dtype: dtype, shape: shape, leftStrides: strides[0], rightStrides: strides[1])
  }
}
