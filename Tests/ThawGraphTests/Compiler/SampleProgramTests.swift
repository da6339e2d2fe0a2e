import OperatorSamples
import Testing
import ThawTensor
import ThawTypes

@testable import ThawGraph

/// Every row of the sample table as a program, and its gradients.
@Suite("Sample table, compiled") struct SampleProgramTests {
  /// Rows whose results' shapes follow from shapes.
  static let compilable = RecordedRow.all.filter { !$0.isDataGiven }

  @Test("eager = compiled", arguments: compilable)
  func forward(row: RecordedRow) throws {
    let tensors = try row.tensors(.float32)
    let varying = row.variable.compactMap { tensors[$0] }
    let trace = try Trace(inputs: varying.map(\.type)) { try row.outputs($0, of: tensors) }
    let expected = try row.outputs(varying, of: tensors)
    for disabled in [[]] + CompilerOptions.Pass.allCases.map({ [$0] }) {
      let program = try Program(trace, CompilerOptions(disabled: Self.rounding.union(disabled)))
      for _ in 0..<2 { try expect(program.run(varying), expected, "without \(disabled)") }
    }
    try expect(Program(trace).run(varying), expected, within: Self.bound)
  }

  @Test("eager gradients = compiled gradients", arguments: RecordedRow.differentiable)
  func gradients(row: RecordedRow) throws {
    let tensors = try row.tensors(.float32)
    let varying = row.variable.compactMap { tensors[$0] }
    @Sendable func step(_ inputs: [Tensor]) throws -> [Tensor] {
      let leaves = try inputs.map { try $0.requiringGrad() }
      let outputs = try row.outputs(leaves, of: tensors).filter(\.requiresGrad)
      let seeds = try outputs.map { try Tensor.full($0.shape, 1, dtype: $0.dtype) }
      let gradients = try grad(of: outputs, withRespectTo: leaves, gradients: seeds, allowUnused: true)
      return outputs.map { $0.detach() } + gradients.compactMap { $0 }
    }
    let trace = try Trace(inputs: varying.map(\.type), step)
    let expected = try step(varying)
    for disabled in [[]] + CompilerOptions.Pass.allCases.map({ [$0] }) {
      let program = try Program(trace, CompilerOptions(disabled: Self.rounding.union(disabled)))
      try expect(program.run(varying), expected, "without \(disabled)")
    }
    try expect(Program(trace).run(varying), expected, within: Self.bound)
  }

  /// The passes that add and scale in another order.
  private static let rounding: Set<CompilerOptions.Pass> = [.fuseProducts]
  private static let bound = 2e-5

  private func expect(
    _ found: [Tensor], _ expected: [Tensor], within bound: Double = 0, _ name: String = ""
  ) throws {
    try #require(found.count == expected.count)
    for (found, expected) in zip(found, expected) {
      try #require(found.dtype == expected.dtype && found.shape == expected.shape)
      if found.dtype == .string {
        #expect(try found.strings() == expected.strings())
        continue
      }
      let pairs = zip(try found.elements(as: Double.self), try expected.elements(as: Double.self))
      let areClose = pairs.allSatisfy {
        $0 == $1 || ($0.isNaN && $1.isNaN) || abs($0 - $1) <= bound * max(1, abs($1))
      }
      #expect(areClose, "\(name): \(found), expected \(expected)")
    }
  }
}

extension RecordedRow {
  /// Whether the shape of a result may depend on numbers.
  var isDataGiven: Bool { sample.operation is Loop }
}
