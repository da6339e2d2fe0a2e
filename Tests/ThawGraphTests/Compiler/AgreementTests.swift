import Foundation
import OperatorSamples
import Testing
import ThawTensor

@testable import ThawGraph

/// What is compiled gives what is not, whatever is compiled.
@Suite("Eager = compiled, whole models") struct AgreementTests {
  @Test("recorded cases: run again and again, saved and reloaded", arguments: RecordedCase.onnx + RecordedCase.networks)
  func models(recorded: RecordedCase) throws {
    let model = try Model(contentsOf: "\(recorded.folder)/model.onnx")
    guard model.missingOperators.isEmpty else { return }
    let inputs = Dictionary(uniqueKeysWithValues: zip(model.inputs.map(\.name), try recorded.tensors("input")))
    let copy = FileManager.default.temporaryDirectory.appending(path: "thaw-\(UUID().uuidString).onnx").path
    defer { try? FileManager.default.removeItem(atPath: copy) }
    try model.save(to: copy)
    let reloaded = try Model(contentsOf: copy)
    try noGrad {
      let eager = try model(inputs, execution: .eager)
      for model in [model, reloaded] {
        // Eager, then with one program more each time, where what follows depends on numbers.
        for _ in 0..<4 {
          let outputs = try model(inputs)
          for (index, name) in outputs.names.enumerated() {
            guard let expected = eager.values[index].tensor else { continue }
            try expectClose(outputs[name], expected, "\(name), \(model.islands)")
          }
        }
      }
    }
  }

  /// A function of two matrices, put together by chance.
  private func network(_ seed: UInt64) -> @Sendable ([Tensor]) -> [Tensor] {
    { inputs in
      var generator = SampleGenerator(seed: seed)
      var values = inputs
      func pick() -> Tensor { values[Int(generator.next() % UInt64(values.count))] }
      for _ in 0..<14 {
        let (x, y) = (pick(), pick())
        let next: Tensor =
          switch generator.next() % 16 {
          case 0: x + y
          case 1: x * y.tanh()
          case 2: x - y * 1
          case 3: -(-x)
          case 4: (x + 0).relu()
          case 5: x.tanh().exp()
          case 6: x.transposed()
          case 7: x.transposed().transposed([1, 0])
          case 8: x.reshaped(to: [2, 8]).reshaped(to: [4, 2, 2]).reshaped(to: [4, 4])
          case 9: x * y.mean(axes: [1], keepDims: true)
          case 10: x.tanh().matmul(y.transposed().tanh())
          case 11: x.softmax(axis: 0)
          case 12: .where(x .> y, x, y.sigmoid())
          case 13: .concat([x, y], axis: 1).reshaped(to: [8, 4]).slice([0..<4, 0..<4])
          case 14: x.cast(to: .float32) / 1 + y.cast(to: .float32)
          default: .maximum(x.sum(axes: [0], keepDims: true).tanh(), y)
          }
        values.append(next)
      }
      return Array(values.suffix(3))
    }
  }

  @Test("networks put together by chance, and their gradients, without each pass", arguments: 0..<24 as Range<UInt64>)
  func chance(seed: UInt64) throws {
    let inputs = try (0..<2).map { try SampleInput.uniform([4, 4]).tensor(.float32, seed: seed &* 2 &+ UInt64($0)) }
    let network = network(seed)
    @Sendable func step(_ inputs: [Tensor]) throws -> [Tensor] {
      let leaves = try inputs.map { try $0.requiringGrad() }
      let outputs = try withErrors { network(leaves) }
      let loss = try withErrors { outputs.reduce(leaves[0] * 0) { $0 + $1 }.tanh().sum() }
      let gradients = try grad(of: [loss], withRespectTo: leaves, allowUnused: true)
      return outputs.map { $0.detach() } + [loss.detach()] + gradients.compactMap { $0 }
    }
    let expected = try step(inputs)
    let trace = try Trace(inputs: inputs.map(\.type), step)
    for disabled in [[]] + CompilerOptions.Pass.allCases.map({ [$0] }) {
      let program = try Program(trace, CompilerOptions(disabled: Set(disabled)))
      for (found, expected) in zip(try program.run(inputs), expected) {
        try expectClose(found, expected, "without \(disabled)")
      }
    }
  }

  private func expectClose(_ found: Tensor, _ expected: Tensor, _ name: String) throws {
    try #require(found.dtype == expected.dtype && found.shape == expected.shape, "\(name)")
    if found.dtype == .string { return #expect(try found.strings() == expected.strings(), "\(name)") }
    let values = try expected.elements(as: Double.self)
    let bound = 5e-5 * (values.map(abs).max() ?? 0) + 1e-7
    let areClose = zip(try found.elements(as: Double.self), values).allSatisfy {
      $0 == $1 || ($0.isNaN && $1.isNaN) || abs($0 - $1) <= bound
    }
    #expect(areClose, "\(name): \(found), expected \(expected)")
  }
}
