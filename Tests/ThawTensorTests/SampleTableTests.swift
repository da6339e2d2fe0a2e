import OperatorSamples
import ThawKernels
import Testing
import ThawTypes

@testable import ThawTensor

/// One row of the table, printing itself so that a failing one can be run again.
struct Row: Sendable, CustomTestStringConvertible {
  let sample: Sample

  var testDescription: String { "\(sample.operation.schema.name): \(sample.name)" }

  var floatingInputs: [Int] {
    sample.inputs.indices.filter { index in
      guard let input = sample.inputs[index], input.isFloating else { return false }
      if case .index? = sample.operation.schema.input(at: index)?.use { return false }
      return true
    }
  }

  func inputs(_ dtype: DType, requiringGrad: Bool = false) throws -> [Tensor?] {
    try sample.inputs.enumerated().map { index, input in
      guard let tensor = try input?.tensor(dtype, seed: UInt64(index) + 1) else { return nil }
      return requiringGrad && floatingInputs.contains(index) ? try tensor.requiringGrad() : tensor
    }
  }

  /// The outputs that are wanted; the others are nil, though an operator may give them.
  func outputs(of inputs: [Tensor?]) throws -> [Tensor?] {
    try apply(sample.operation, to: inputs.map { $0.map(Value.tensor) }, wanted: sample.wanted).enumerated().map {
      sample.wanted[$0] ? $1?.tensor : nil
    }
  }

  /// The row as a function of all present inputs, for gradient checks.
  func function(_ present: [Tensor]) throws -> [Tensor] {
    var rest = present[...]
    let inputs = sample.inputs.map { $0 == nil ? nil : rest.removeFirst() }
    return try outputs(of: inputs).compactMap { $0 }
  }

  static let all: [Row] = Operators.all.flatMap { type in
    ((type as? any Sampled.Type)?.samples ?? []).map(Row.init)
  }

  static let differentiable = all.filter { row in
    guard row.sample.operation.isDifferentiable, !row.floatingInputs.isEmpty else { return false }
    if row.sample.operation.missingGradient != nil { return false }
    return row.sample.inputs.allSatisfy { $0.map { (try? $0.tensor(.float64, seed: 1).count) != 0 } ?? true }
  }
}

struct FailureRow: Sendable, CustomTestStringConvertible {
  let failure: Failure
  var testDescription: String { "\(failure.operation.schema.name): \(failure.message)" }

  static let all: [FailureRow] = Operators.all.flatMap { type in
    ((type as? any Sampled.Type)?.failures ?? []).map(FailureRow.init)
  }
}

/// The questions asked of every row; their numbers are those of the design.
@Suite("Sample table") struct SampleTableTests {
  @Test("every operator has samples", arguments: Operators.all.map { $0.schema.name })
  func isSampled(name: String) throws {
    let type = try #require(Operators.all.first { $0.schema.name == name })
    let samples = (type as? any Sampled.Type)?.samples
    let values = (type as? any ValueSampled.Type)?.valueSamples
    #expect(samples?.isEmpty == false || values?.isEmpty == false)
  }

  @Test("1. forward gives what is written down", arguments: Row.all.filter { !$0.sample.expected.isEmpty })
  func expectation(row: Row) throws {
    let outputs = try row.outputs(of: row.inputs(.float32))
    for (index, expected) in row.sample.expected.enumerated() {
      guard let expected else { continue }
      try expectClose(try #require(outputs[index]), expected, atol: 1e-6, rtol: 1e-5)
    }
  }

  @Test("2. inferred types are those that came out, with named dimensions too", arguments: Row.all)
  func types(row: Row) throws {
    let inputs = try row.inputs(.float32)
    let known = KnownValues(
      inputs.enumerated().map { index, tensor in
        row.sample.operation.schema.input(at: index)?.isNeededAsValue == true ? tensor : nil
      })
    let outputs = try row.outputs(of: inputs)
    let types = inputs.map { $0.map { ValueType.tensor($0.type) } }
    let inferred = try row.sample.operation.outputTypes(types, known: known)
    // Dimensions of one number share one name; 1 stays a number, because broadcasting looks at it.
    func named(_ type: TensorType) -> TensorType {
      TensorType(type.dtype, type.dims?.map { $0.value.map { $0 == 1 ? .known(1) : .symbol("d\($0)") } ?? $0 })
    }
    let symbolic = try row.sample.operation.outputTypes(
      inputs.map { $0.map { ValueType.tensor(named($0.type)) } }, known: known)
    for (index, output) in outputs.enumerated() where output != nil && index < inferred.count {
      let output = try #require(output)
      // How often a body runs, its values say.
      let isOpen = row.sample.operation is any ControlFlow
      #expect(inferred[index] == .tensor(output.type) || isOpen, "output \(index)")
      let type = try #require(symbolic[index].tensor)
      #expect(type.dtype == output.dtype)
      guard let dims = type.dims else { continue }
      #expect(dims.count == output.rank, "output \(index): \(type) for \(output.shape)")
      for (dim, size) in zip(dims, output.shape) {
        switch dim {
        case .known(let value): #expect(value == size, "output \(index): \(type) for \(output.shape)")
        case .symbol(let name): #expect(name == "d\(size)", "output \(index): \(type) for \(output.shape)")
        case .unknown: break
        }
      }
    }
  }

  @Test("3. pullbacks against finite differences", arguments: Row.differentiable)
  func firstOrder(row: Row) throws {
    let inputs = try row.inputs(.float64, requiringGrad: true).compactMap { $0 }
    try gradcheck(row.function, inputs: inputs, seed: 7)
  }

  @Test("4. second order against finite differences", arguments: Row.differentiable)
  func secondOrder(row: Row) throws {
    let inputs = try row.inputs(.float64, requiringGrad: true).compactMap { $0 }
    try gradgradcheck(row.function, inputs: inputs, seed: 11)
  }

  @Test("6. strided inputs give the same", arguments: Row.all)
  func strided(row: Row) throws {
    let inputs = try row.inputs(.float32)
    let outputs = try row.outputs(of: inputs)
    let again = try row.outputs(of: inputs.map { try $0?.scattered() })
    for (output, other) in zip(outputs, again) {
      guard let output, let other else {
        #expect(output == nil && other == nil)
        continue
      }
      try expectClose(other, output, atol: 1e-6, rtol: 1e-5)
    }
  }

  @Test("7. what must be refused is, in these words", arguments: FailureRow.all)
  func failure(row: FailureRow) throws {
    let inputs = try row.failure.inputs.enumerated().map { try $1?.tensor(.float32, seed: UInt64($0) + 1) }
    let error = #expect(throws: TensorError.self) {
      try apply(row.failure.operation, to: inputs.map { $0.map(Value.tensor) })
    }
    #expect(error?.message == row.failure.message)
  }

  @Test("9. operator to node to operator is the identity", arguments: Row.all)
  func node(row: Row) throws {
    func roundTrip<O: Operator>(_ operation: O) throws {
      let newest = O.schema.domain == .onnx ? Operators.newestOpset : O.schema.versions.last ?? 1
      for opset in Set([operation.minimumOpset, max(operation.minimumOpset, 17), newest]) {
        guard let attributes = try? operation.attributes(opset: opset) else { continue }
        let reader = NodeReader(
          name: O.schema.name, version: try Operators.version(of: O.self, opset: opset), attributes: attributes,
          presentInputs: row.sample.inputs.map { $0 != nil }, outputCount: row.sample.outputCount)
        #expect(try Operators.decode(O.self, reader) as? O == operation, "opset \(opset)")
      }
      #expect(throws: Never.self) { try operation.attributes(opset: operation.minimumOpset) }
    }
    try roundTrip(row.sample.operation)
  }

  @Test("10. portable kernels are oneDNN's", arguments: Row.all)
  func backends(row: Row) throws {
    let inputs = try row.inputs(.float32)
    let automatic = try row.outputs(of: inputs)
    let portable = try Context.with({ $0.backend = .portable }) { try row.outputs(of: inputs) }
    for (output, other) in zip(automatic, portable) {
      guard let output, let other else { continue }
      try expectClose(output, other, atol: 1e-5, rtol: 1e-4)
    }
  }

  @Test("11. what is not needed is not saved", arguments: Row.differentiable)
  func saved(row: Row) throws {
    for index in row.floatingInputs {
      var inputs = try row.inputs(.float64)
      inputs[index] = try inputs[index]?.requiringGrad()
      let all = try row.inputs(.float64, requiringGrad: true)
      let one = try row.outputs(of: inputs).compactMap { $0?.gradFn?.savedByteCount }.max() ?? 0
      let every = try row.outputs(of: all).compactMap { $0?.gradFn?.savedByteCount }.max() ?? 0
      #expect(one <= every, "input \(index) alone saves more than all together")
    }
    #expect(try row.outputs(of: row.inputs(.float64)).allSatisfy { $0?.gradFn == nil })
  }

  @Test("12. expansions are the kernels", arguments: Row.all.filter { $0.sample.operation is any Expandable })
  func expansion(row: Row) throws {
    let inputs = try row.inputs(.float64)
    let outputs = try row.outputs(of: inputs)
    let operation = try #require(row.sample.operation as? any Expandable)
    let expanded = try withErrors {
      try operation.expansion(inputs.map { $0.map(Value.tensor) }, wanted: row.sample.wanted)
    }
    for (output, other) in zip(outputs, expanded) where output != nil {
      try expectClose(try #require(other?.tensor), try #require(output), atol: 1e-9, rtol: 1e-7)
    }
  }
}

/// Expects the same type, shape and, within tolerances, numbers.
func expectClose(
  _ actual: Tensor, _ expected: Tensor, atol: Double, rtol: Double, sourceLocation: SourceLocation = #_sourceLocation
) throws {
  try #require(actual.dtype == expected.dtype, sourceLocation: sourceLocation)
  try #require(actual.shape == expected.shape, sourceLocation: sourceLocation)
  let pairs = zip(try actual.elements(as: Double.self), try expected.elements(as: Double.self))
  for (index, (a, b)) in pairs.enumerated() {
    let same = a == b || (a.isNaN && b.isNaN) || abs(a - b) <= atol + rtol * abs(b)
    #expect(same, "element \(index): \(a), expected \(b)", sourceLocation: sourceLocation)
    if !same { return }
  }
}

extension Tensor {
  /// The same elements, every other one of a block of memory, the axes laid out in reverse.
  func scattered() throws -> Tensor {
    guard case .memory = contents, rank > 0, count > 0 else { return self }
    let reversed = Array(shape.reversed())
    let permuted = try view(shape: shape, strides: try strides(broadcastTo: shape))
    let source = try permuted.contiguous()
    let block = try Tensor.uninitialized(reversed + [2], dtype: dtype)
    let strides = Array(Strides.contiguous(for: reversed + [2])[..<rank].reversed())
    let target = try block.view(shape: shape, strides: strides)
    try compute(
      CopyRequest(
        itemSize: dtype.itemSize, shape: shape, inputStrides: Strides.contiguous(for: shape), outputStrides: strides),
      [source], onto: [target])
    return target
  }
}
