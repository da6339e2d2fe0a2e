import OperatorSamples
import Testing
import ThawTensor
import ThawTypes

/// One row of the table of values, printing itself.
struct ValueRow: Sendable, CustomTestStringConvertible {
  let sample: ValueSample
  var testDescription: String { "\(sample.operation.schema.name): \(sample.name)" }

  static let all: [ValueRow] = Operators.all.flatMap { type in
    ((type as? any ValueSampled.Type)?.valueSamples ?? []).map(ValueRow.init)
  }
}

struct ValueFailureRow: Sendable, CustomTestStringConvertible {
  let failure: ValueFailure
  var testDescription: String { "\(failure.operation.schema.name): \(failure.message)" }

  static let all: [ValueFailureRow] = Operators.all.flatMap { type in
    ((type as? any ValueSampled.Type)?.valueFailures ?? []).map(ValueFailureRow.init)
  }
}

/// The questions asked of operators on sequences, optional values and strings.
@Suite("Value sample table") struct ValueSampleTests {
  @Test("forward gives what is written down, of the types that were inferred", arguments: ValueRow.all)
  func forward(row: ValueRow) throws {
    let sample = row.sample
    let outputs = try apply(sample.operation, to: sample.inputs)
    let known = KnownValues(sample.inputs.map { $0?.tensor })
    let types = try sample.operation.outputTypes(sample.inputs.map { $0?.type }, known: known)
    for (index, expected) in sample.expected.enumerated() {
      guard let expected else { continue }
      let output = try #require(outputs[index])
      #expect(try output.text() == expected.text(), "output \(index)")
      #expect(types[index].holds(output.type), "output \(index): \(output.type) is not \(types[index])")
    }
  }

  @Test("what must be refused is, in these words", arguments: ValueFailureRow.all)
  func failure(row: ValueFailureRow) throws {
    let error = #expect(throws: TensorError.self) { try apply(row.failure.operation, to: row.failure.inputs) }
    #expect(error?.message == row.failure.message)
  }

  @Test("operator to node to operator is the identity", arguments: ValueRow.all)
  func node(row: ValueRow) throws {
    func roundTrip<O: Operator>(_ operation: O) throws {
      for version in O.schema.versions {
        guard let attributes = try? operation.attributes(opset: version) else { continue }
        let reader = NodeReader(
          name: O.schema.name, version: version, attributes: attributes,
          presentInputs: row.sample.inputs.map { $0 != nil }, outputCount: row.sample.expected.count)
        #expect(try Operators.decode(O.self, reader) as? O == operation)
      }
      #expect(throws: Never.self) { try operation.attributes(opset: operation.minimumOpset) }
    }
    try roundTrip(row.sample.operation)
  }

  @Test("a gradient goes into a sequence and out of it")
  func gradient() throws {
    let (a, b) = (Tensor([1, 2], requiresGrad: true), Tensor([3, 4], requiresGrad: true))
    let sequence = try apply(SequenceConstruct(), to: [.tensor(a), .tensor(b)])[0]
    let longer = try apply(SequenceInsert(), to: [sequence, .tensor(a * 3), .tensor(Tensor(0))])[0]
    let last = try apply(SequenceAt(), to: [longer, .tensor(Tensor(-1))])[0]?.tensor
    let all = try apply(ConcatFromSequence(axis: 0, isNewAxis: true), to: [longer])[0]?.tensor
    let (y, z) = (try #require(last), try #require(all))
    try ((y * y).sum() + (z * Tensor([1, 10, 100] as [Float], shape: [3, 1])).sum()).backward()
    #expect(try a.grad?.elements(as: Float.self) == [13, 13])
    #expect(try b.grad?.elements(as: Float.self) == [106, 108])
    let x = Tensor([1, 2, 3, 4, 5], requiresGrad: true)
    let parts = try apply(SplitToSequence(), to: [.tensor(x), .tensor(Tensor(2))])[0]
    let part = try #require(try apply(SequenceAt(), to: [parts, .tensor(Tensor(1))])[0]?.tensor)
    try (part * part).sum().backward()
    #expect(try x.grad?.elements(as: Float.self) == [0, 0, 6, 8, 0])
  }
}

extension Value {
  /// The kind, the types and the elements.
  fileprivate func text() throws -> String {
    switch self {
    case .tensor(let tensor) where tensor.dtype == .string: "\(tensor.type) \(try tensor.strings())"
    case .tensor(let tensor): "\(tensor.type) \(try tensor.elements(as: Double.self))"
    case .sequence(let elements, _): "sequence \(try elements.map { try $0.text() })"
    case .optional(let value, _): "optional \(try value?.text() ?? "absent")"
    case .map(let map):
      "map \(try Value.tensor(map.keys).text()) \(try map.values.map { try $0.text() })"
    case .sparseTensor: "\(type)"
    }
  }
}

extension ValueType {
  /// Whether a value of another type is one of this type, too.
  fileprivate func holds(_ other: ValueType) -> Bool {
    switch (self, other) {
    case (.tensor(let left), .tensor(let right)):
      left.dtype == right.dtype
        && (left.dims.map { dims in
          dims.count == right.dims?.count && zip(dims, right.dims ?? []).allSatisfy { $0.value == nil || $0 == $1 }
        } ?? true)
    case (.sequence(let left), .sequence(let right)), (.optional(let left), .optional(let right)): left.holds(right)
    default: self == other
    }
  }
}
