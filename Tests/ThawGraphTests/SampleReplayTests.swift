import OperatorSamples
import Testing
import ThawTensor
import ThawTypes

@testable import ThawGraph

/// A row of the sample table as a recording: floating inputs are inputs, the rest are constants.
struct RecordedRow: Sendable, CustomTestStringConvertible {
  let sample: Sample
  var testDescription: String { "\(sample.operation.schema.name): \(sample.name)" }

  static let all: [RecordedRow] = Operators.all.flatMap { type in
    ((type as? any Sampled.Type)?.samples ?? []).map(RecordedRow.init)
  }

  /// Rows that the opset of recordings can say, or whose successors it can; a few older forms it cannot. A file has no
  /// bodies written in Swift; `ControlFlowRecordingTests` has those of files.
  static let recordable = all.filter { row in
    let operation = row.sample.operation
    if let old = operation as? any Superseded, old.isSuperseded { return true }
    return (try? operation.attributes(opset: max(operation.minimumOpset, Operators.recordingOpset))) != nil
      && !(operation is Dropout) && !(operation is any ControlFlow)
  }

  static let differentiable = recordable.filter { row in
    guard row.sample.operation.isDifferentiable, !row.variable.isEmpty else { return false }
    if row.sample.operation.missingGradient != nil { return false }
    return row.sample.inputs.allSatisfy { $0.map { (try? $0.tensor(.float64, seed: 1).count) != 0 } ?? true }
  }

  /// The inputs that vary.
  var variable: [Int] {
    sample.inputs.indices.filter { index in
      guard let input = sample.inputs[index], input.isFloating else { return false }
      return sample.operation.schema.input(at: index)?.isNeededAsValue != true
    }
  }

  func tensors(_ dtype: DType) throws -> [Tensor?] {
    try sample.inputs.enumerated().map { try $1?.tensor(dtype, seed: UInt64($0) + 1) }
  }

  /// The operation with its varying inputs replaced.
  func outputs(_ varying: [Tensor], of tensors: [Tensor?]) throws -> [Tensor] {
    var inputs = tensors
    for (index, tensor) in zip(variable, varying) { inputs[index] = tensor }
    let outputs = try apply(sample.operation, to: inputs.map { $0.map(Value.tensor) }, wanted: sample.wanted)
    return outputs.enumerated().compactMap { sample.wanted[$0] ? $1?.tensor : nil }
  }
}

@Suite("Sample table, recorded and replayed") struct SampleReplayTests {
  @Test("5. eager = recorded, saved, loaded and replayed", arguments: RecordedRow.recordable)
  func replay(row: RecordedRow) throws {
    let tensors = try row.tensors(.float32)
    let varying = row.variable.compactMap { tensors[$0] }
    let eager = try row.outputs(varying, of: tensors)
    let names = eager.indices.map { "output\($0)" }
    let inputTypes = varying.enumerated().map { (name: "input\($0)", type: $1.type) }
    let graph = try Graph.record(inputList: inputTypes, outputs: names) { try row.outputs($0, of: tensors) }
    let model = try Model(graph)
    #expect(model.missingOperators.isEmpty)
    let inputs = varying.enumerated().map { ("input\($0)", $1) }
    let replayed = try model(Dictionary(uniqueKeysWithValues: inputs), execution: .eager)
    for (name, expected) in zip(names, eager) {
      let actual = replayed[name]
      #expect(actual.dtype == expected.dtype && actual.shape == expected.shape)
      let pairs = zip(try actual.elements(as: Double.self), try expected.elements(as: Double.self))
      // Thaw's own operators are written as their expansions, which round differently.
      let isExpanded = row.sample.operation is any Expandable
      #expect(
        pairs.allSatisfy { a, b in
          a == b || (a.isNaN && b.isNaN) || (isExpanded && abs(a - b) <= 1e-5 + 1e-4 * abs(b))
        }, "\(actual), expected \(expected)")
    }
  }

  @Test("8. a traced pullback holds registered operators only", arguments: RecordedRow.differentiable)
  func tracedPullback(row: RecordedRow) throws {
    let tensors = try row.tensors(.float32)
    let tracer = Tracer(sizes: [:])
    try Context.with({ $0.recorder = tracer }) {
      try withErrors {
        let traced = try row.variable.compactMap { index in
          try tensors[index].map { try tracer.input("input\(index)", $0.type).requiringGrad() }
        }
        let outputs = try row.outputs(traced, of: tensors).filter(\.requiresGrad)
        let gradients = try grad(
          of: outputs, withRespectTo: traced, gradients: outputs.map { try Tensor.full($0.shape, 1, dtype: $0.dtype) },
          allowUnused: true)
        for (gradient, input) in zip(gradients, traced) {
          if let gradient { #expect(gradient.shape == input.shape) }
        }
      }
    }
    for step in tracer.recorded.steps {
      #expect(Operators.named(step.operation.schema.name, domain: step.operation.schema.domain.rawValue) != nil)
    }
    #expect(!tracer.recorded.steps.isEmpty)
  }
}
