import CKernels
import ThawTypes

/// Several elementwise functions at once: what one gives to the next stays in the cache. Operands: inputs, then outputs.
package struct FusedRequest: KernelRequest {
  package enum Function: Hashable, Sendable {
    case unary(UnaryFunction, alpha: Double, beta: Double)
    case binary(BinaryFunction)
    case select
  }

  /// One function. Registers count the operands, then intermediate values.
  package struct Step: Hashable, Sendable {
    package var function: Function
    package var dtype: DType
    package var inputs: [Int]
    package var output: Int

    package init(function: Function, dtype: DType, inputs: [Int], output: Int) {
      self.function = function
      self.dtype = dtype
      self.inputs = inputs
      self.output = output
    }

    /// In the order of `inputs`.
    package var inputTypes: [DType] {
      switch function {
      case .unary: [dtype]
      case .binary: [dtype, dtype]
      case .select: [.bool, dtype, dtype]
      }
    }

    package var outputType: DType {
      switch function {
      case .unary(let function, _, _): function.givesBool ? .bool : dtype
      case .binary(let function): function.givesBool ? .bool : dtype
      case .select: dtype
      }
    }

    /// Nil where the type has no such loop.
    var row: Row? {
      switch function {
      case .unary(let function, _, _): Row(thaw_unary_row(function.rawValue, dtype.rawValue))
      case .binary(let function): Row(thaw_binary_row(function.rawValue, dtype.rawValue))
      case .select: Row(thaw_select_row(Int32(dtype.itemSize)))
      }
    }

    /// Whether it can run among others.
    package var isFusible: Bool { row != nil }
  }

  package static let maximumOperands = Int(THAW_MAXIMUM_OPERANDS)
  package static let maximumTemporaries = Int(THAW_FUSED_TEMPORARIES)

  package var shape: [Int]
  package var operandTypes: [DType]
  package var operandStrides: [[Int]]
  package var steps: [Step]

  package init(shape: [Int], operandTypes: [DType], operandStrides: [[Int]], steps: [Step]) {
    self.shape = shape
    self.operandTypes = operandTypes
    self.operandStrides = operandStrides
    self.steps = steps
  }

  package func mayOverwrite(input: Int, byOutput output: Int) -> Bool {
    let output = operandTypes.count - outputCount + output
    guard operandTypes[input].itemSize == operandTypes[output].itemSize,
      operandStrides[input] == operandStrides[output], let write = steps.firstIndex(where: { $0.output == output })
    else { return false }
    return steps[(write + 1)...].allSatisfy { !$0.inputs.contains(input) }
  }

  /// The operands that a step writes; they are the last ones.
  private var outputCount: Int { Set(steps.map(\.output).filter { $0 < operandTypes.count }).count }

  package func prepare(for backend: Backend) throws -> Kernel {
    let unsupported = KernelError.unsupported(operation: "fused functions", detail: "\(steps.map(\.dtype))")
    let temporaries = (steps.map(\.output).max() ?? 0) + 1 - operandTypes.count
    guard backend != .oneDNN, operandTypes.count <= Self.maximumOperands, temporaries <= Self.maximumTemporaries,
      let row = Row(thaw_fused_row)
    else { throw unsupported }
    let nest = try LoopNest(
      operation: "fused functions", shape: shape, strides: operandStrides, itemSizes: operandTypes.map(\.itemSize))
    let table = try FusedTable(steps, operandCount: operandTypes.count)
    return Kernel(implementation: "portable, \(steps.count) functions") { operands, _ in
      table.withFused { fused in
        withUnsafePointer(to: fused) { nest.run(row, operands, context: $0) }
      }
    }
  }
}
