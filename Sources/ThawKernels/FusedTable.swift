import CKernels

/// Fused functions as C reads them.
final class FusedTable: @unchecked Sendable {
  // `@unchecked`: written once, here; then only read.
  private let steps: UnsafeMutableBufferPointer<thaw_fused_step>
  private let parameters: UnsafeMutableBufferPointer<thaw_unary_parameters>
  private let operandCount: Int

  /// - Throws: `KernelError.unsupported` where a type has no such loop.
  init(_ functions: [FusedRequest.Step], operandCount: Int) throws {
    let rows = try functions.map { step in
      guard let row = step.row else {
        throw KernelError.unsupported(operation: "fused functions", detail: "\(step.function) of \(step.dtype)")
      }
      return row
    }
    steps = .allocate(capacity: functions.count)
    parameters = .allocate(capacity: functions.count)
    self.operandCount = operandCount
    for (index, (step, row)) in zip(functions, rows).enumerated() {
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
