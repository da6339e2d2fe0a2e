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

  package func prepare(for backend: Backend) throws -> Kernel {
    let unsupported = KernelError.unsupported(operation: "fused functions", detail: "\(steps.map(\.dtype))")
    let temporaries = (steps.map(\.output).max() ?? 0) + 1 - operandTypes.count
    guard backend != .oneDNN, operandTypes.count <= Self.maximumOperands, temporaries <= Self.maximumTemporaries
    else { throw unsupported }
    let rows = try steps.map { step in
      guard let row = step.row else { throw unsupported }
      return row
    }
    let nest = try LoopNest(
      operation: "fused functions", shape: shape, strides: operandStrides, itemSizes: operandTypes.map(\.itemSize))
    let table = FusedTable(self, rows)
    return Kernel(implementation: "portable, \(steps.count) functions") { operands, _ in
      table.withFused { fused in
        withUnsafePointer(to: fused) { nest.run(table.row, operands, context: $0) }
      }
    }
  }
}

/// The steps as C reads them.
private final class FusedTable: @unchecked Sendable {
  // `@unchecked`: written once, here; then only read.
  private let steps: UnsafeMutableBufferPointer<thaw_fused_step>
  private let parameters: UnsafeMutableBufferPointer<thaw_unary_parameters>
  private let operandCount: Int
  let row: Row

  init(_ request: FusedRequest, _ rows: [Row]) {
    steps = .allocate(capacity: request.steps.count)
    parameters = .allocate(capacity: request.steps.count)
    operandCount = request.operandTypes.count
    row = Row(thaw_fused_row)!
    for (index, (step, row)) in zip(request.steps, rows).enumerated() {
      var unary = thaw_unary_parameters(alpha: 0, beta: 0)
      if case .unary(_, let alpha, let beta) = step.function { unary = thaw_unary_parameters(alpha: alpha, beta: beta) }
      parameters.initializeElement(at: index, to: unary)
      let registers = (step.inputs + [step.output]).map(Int32.init)
      let sizes = (step.inputTypes + [step.outputType]).map { Int32($0.itemSize) }
      func four(_ values: [Int32]) -> (Int32, Int32, Int32, Int32) {
        let all = values + [0, 0, 0, 0]
        return (all[0], all[1], all[2], all[3])
      }
      steps.initializeElement(
        at: index,
        to: thaw_fused_step(
          row: unsafeBitCast(row.function, to: thaw_row?.self), context: parameters.baseAddress! + index,
          operand_count: Int32(registers.count), registers: four(registers), item_sizes: four(sizes)))
    }
  }

  deinit {
    steps.deallocate()
    parameters.deallocate()
  }

  func withFused(_ body: (thaw_fused) -> Void) {
    body(thaw_fused(steps: steps.baseAddress, step_count: Int32(steps.count), operand_count: Int32(operandCount)))
  }
}
