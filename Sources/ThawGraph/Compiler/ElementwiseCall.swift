import ThawKernels
import ThawTensor

/// A call of one elementwise function, as passes see it that look for patterns.
struct ElementwiseCall {
  enum Function: Hashable {
    case unary(UnaryFunction)
    case binary(BinaryFunction)
    case select
  }

  enum Input: Hashable {
    /// A buffer, element by element as the output is written.
    case whole(Int)
    /// One number for all elements, known to the compiler.
    case constant(Double)
    case other
  }

  let function: Function
  let inputs: [Input]
  /// The buffer that the output fills.
  let output: Int

  /// Nil for calls of other kinds, and those that fill part of a buffer.
  init?(_ call: Lowering.Call, in lowering: Lowering) {
    guard case .kernel(let request) = call.body, let result = call.outputs.first ?? nil, result.byteOffset == 0
    else { return nil }
    let shape: [Int]
    let strides: [[Int]]
    switch request {
    case let unary as UnaryRequest:
      (function, shape, strides) = (.unary(unary.function), unary.shape, [unary.strides])
    case let binary as BinaryRequest:
      (function, shape, strides) = (.binary(binary.function), binary.shape, [binary.leftStrides, binary.rightStrides])
    case let select as SelectRequest:
      (function, shape) = (.select, select.shape)
      strides = [select.conditionStrides, select.trueStrides, select.falseStrides]
    default: return nil
    }
    let count = shape.reduce(1, *)
    guard lowering.buffers[result.buffer].byteCount == count * result.dtype.itemSize else { return nil }
    output = result.buffer
    inputs = zip(call.inputs, strides).map { operand, strides in
      guard let operand else { return .other }
      if let number = lowering.constant(operand, strides, shape) { return .constant(number) }
      let isWhole =
        operand.byteOffset == 0 && Strides.isContiguous(strides, for: shape)
        && lowering.buffers[operand.buffer].byteCount == count * operand.dtype.itemSize
      return isWhole ? .whole(operand.buffer) : .other
    }
  }

  /// What a function of two gets beside a buffer, whichever side that stands on.
  func partner(of buffer: Int) -> Input? {
    guard case .binary = function, inputs.count == 2 else { return nil }
    if inputs[0] == .whole(buffer) { return inputs[1] }
    return inputs[1] == .whole(buffer) ? inputs[0] : nil
  }
}

extension Lowering {
  /// The number that an operand is for every element of a shape, if it is the same in every run.
  fileprivate func constant(_ operand: Operand, _ strides: [Int], _ shape: [Int]) -> Double? {
    guard case .constant(let storage) = buffers[operand.buffer],
      zip(strides, shape).allSatisfy({ $0 == 0 || $1 == 1 })
    else { return nil }
    let address = UnsafeRawPointer(storage.pointer + operand.byteOffset)
    return switch operand.dtype {
    case .float32: Double(address.loadUnaligned(as: Float.self))
    case .bool: Double(address.loadUnaligned(as: UInt8.self))
    default: nil
    }
  }
}
