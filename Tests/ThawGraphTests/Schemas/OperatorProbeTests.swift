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
      for dtype in taken where dtype != .string && dtype != .complex64 && dtype != .complex128 {
        let errors = sampled.samples.compactMap { Self.error(of: $0, in: dtype) }
        asked += 1
        #expect(
          sampled.samples.isEmpty || errors.count < sampled.samples.count,
          "\(type.schema.name) in \(dtype): \(errors.first.map { "\($0)" } ?? "")")
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

  private static func allows(_ dtype: DType, _ type: any Operator.Type) -> Bool {
    let newest = type.schema.versions.last ?? 1
    guard let form = PublishedSchemas.named(type.schema.name, in: type.schema.domain, opset: newest),
      let input = form.inputs.first
    else { return false }
    return form.types(of: input).contains("tensor(\(dtype.published))")
  }

  /// What a sample ends with when its floating inputs are cast to a type, and those of the first input's type with them.
  private static func error(of sample: Sample, in dtype: DType) -> (any Error)? {
    do {
      let first = sample.inputs.first.flatMap { $0 }?.isFloating
      let inputs = try sample.inputs.enumerated().map { index, input -> Value? in
        guard let input else { return nil }
        let tensor = try input.tensor(.float32, seed: UInt64(index) + 1)
        guard input.isFloating || (index == 0 && first == false) else { return .tensor(tensor) }
        return .tensor(try withErrors { tensor.cast(to: dtype) })
      }
      _ = try apply(sample.operation, to: inputs, wanted: sample.wanted)
      return nil
    } catch {
      return error
    }
  }
}
