import OperatorSamples
import Testing
import ThawTypes

@testable import ThawTensor

/// A row of values that are no tensors of numbers.
struct ValueRow: Sendable, CustomTestStringConvertible {
  let sample: ValueSample
  var testDescription: String { "\(sample.operation.schema.name): \(sample.name)" }

  static let all: [ValueRow] = Operators.all.flatMap { type in
    ((type as? any ValueSampled.Type)?.valueSamples ?? []).map(ValueRow.init)
  }
}

@Suite("Strings, sequences and maps") struct ValueSampleTests {
  @Test("what is written down comes out, of the inferred type", arguments: ValueRow.all)
  func forward(row: ValueRow) throws {
    let sample = row.sample
    let outputs = try apply(sample.operation, to: sample.inputs)
    let types = try sample.operation.outputTypes(sample.inputs.map { $0?.type }, known: KnownValues())
    #expect(outputs.count == sample.expected.count)
    for (index, (output, expected)) in zip(outputs, sample.expected).enumerated() {
      guard let expected else { continue }
      #expect(try text(output) == text(expected))
      // How many entries a map has, its type does not say.
      let isOpen = types[index].tensor?.dims?.contains(.unknown) ?? false
      #expect(isOpen || types[index] == output?.type, "\(types[index])")
    }
  }

  @Test("operator to node to operator is the identity", arguments: ValueRow.all)
  func node(row: ValueRow) throws {
    func roundTrip<O: Operator>(_ operation: O) throws {
      let attributes = try operation.attributes(opset: operation.minimumOpset)
      #expect(
        try O.decoding(attributes, version: Operators.version(of: O.self, opset: operation.minimumOpset)) == operation)
    }
    try roundTrip(row.sample.operation)
  }

  private func text(_ value: Value?) throws -> String {
    switch value {
    case .tensor(let tensor) where tensor.dtype == .string:
      "\(tensor.shape) \(try tensor.strings().map { String(decoding: $0, as: UTF8.self) })"
    case .tensor(let tensor): "\(tensor.type) \(try tensor.elements(as: Double.self))"
    case .sequence(let values, let type): "\(type) \(try values.map(text))"
    case .map(let map): "\(try text(.tensor(map.keys))) \(try map.values.map(text))"
    case .sparseTensor, .optional, nil: "\(String(describing: value))"
    }
  }
}
