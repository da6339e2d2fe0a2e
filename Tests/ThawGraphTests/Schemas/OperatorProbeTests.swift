import OperatorSamples
import Testing
import ThawTensor
import ThawTypes

@testable import ThawGraph

/// The element types that operators are said to take, against what their samples can be computed with.
@Suite("Operator probe") struct OperatorProbeTests {
  @Test("what a sample is computed with is among the types that ONNX allows and Thaw takes")
  func samples() throws {
    var asked = 0
    for type in Operators.all {
      guard let taken = OperatorProbe(type)?.takenTypes() else { continue }
      for sample in (type as? any Sampled.Type)?.samples ?? [] {
        // Of each floating sample, in both of the types that the harness gives it.
        for dtype in [DType.float32, .float64] {
          let inputs = try sample.inputs.enumerated().map { try $1?.tensor(dtype, seed: UInt64($0) + 1) }
          guard let first = inputs.first??.dtype, Self.allows(first, type),
            (try? apply(sample.operation, to: inputs.map { $0.map(Value.tensor) }, wanted: sample.wanted)) != nil
          else { continue }
          asked += 1
          #expect(taken.contains(first), "\(type.schema.name): \(sample.name) is computed in \(first)")
        }
      }
    }
    #expect(asked > 300)
  }

  @Test("a sample can be computed in each type that is said to be taken")
  func retyped() {
    var asked = 0
    for type in Operators.all {
      guard let taken = OperatorProbe(type)?.takenTypes(), let sampled = type as? any Sampled.Type else { continue }
      for dtype in taken {
        let results = sampled.samples.compactMap { Self.result(of: $0, in: dtype) }
        guard let first = results.first else { continue }
        asked += 1
        #expect(results.contains { (try? $0.get()) != nil }, "\(type.schema.name) in \(dtype): \(first)")
      }
    }
    #expect(asked > 600)
  }

  @Test("known cases") func known() {
    #expect(OperatorProbe(Floor.self)?.takenTypes() == [.float32, .float16, .float64, .bfloat16])
    #expect(OperatorProbe(And.self)?.takenTypes() == [.bool])
    #expect(OperatorProbe(StringConcat.self)?.takenTypes() == [.string])
    #expect(OperatorProbe(Identity.self)?.takenTypes()?.contains(.string) == true)
    #expect(OperatorProbe(If.self) == nil)
  }

  private static func form(_ schema: Schema) -> PublishedSchema? {
    PublishedSchemas.named(schema.name, in: schema.domain, opset: schema.versions.last ?? 1)
  }

  private static func allows(_ dtype: DType, _ type: any Operator.Type) -> Bool {
    guard let form = form(type.schema), let input = form.inputs.first else { return false }
    return form.types(of: input).contains("tensor(\(dtype.published))")
  }

  /// What comes of a sample whose first input, and all that must have its type, are cast to a type; nil where they
  /// cannot be.
  private static func result(of sample: Sample, in dtype: DType) -> Result<Void, any Error>? {
    // An integer that must be given may be the number of a type that goes with that of the sample alone.
    guard let form = form(sample.operation.schema), let first = form.inputs.first,
      !form.attributes.contains(where: { $0.isRequired && $0.type == .int })
    else { return nil }
    var inputs: [Value?] = []
    for (index, input) in sample.inputs.enumerated() {
      guard let tensor = try? input?.tensor(.float32, seed: UInt64(index) + 1) else {
        inputs.append(nil)
        continue
      }
      let isRetyped = form.input(at: index)?.type == first.type
      guard let cast = isRetyped ? try? apply(Cast(to: dtype), to: tensor) : tensor else { return nil }
      inputs.append(.tensor(cast))
    }
    return Result { _ = try apply(sample.operation, to: inputs, wanted: sample.wanted) }
  }
}
