import Foundation
import Testing
import Thaw

/// Models of others, small ones in Fixtures and more in folders beside the checkout: what ONNX Runtime computes, eager and compiled, and training.
///
/// A folder holds `model.onnx`, `inputs.npz`, `outputs.npz` and `data.json` with the tolerances. The variable THAW_MODELS
/// names more places with such folders, separated by colons.
@Suite("Models of others") struct RealModelTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let folder: URL
    var testDescription: String { folder.lastPathComponent }

    static let all: [Case] = {
      let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
      let places =
        ["shared/models", "../shared/models"].map { root.appending(path: $0).standardized.path }
        + [URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/Models").path]
      let more = ProcessInfo.processInfo.environment["THAW_MODELS"]?.split(separator: ":").map(String.init) ?? []
      return (places + more).flatMap { place in
        ((try? FileManager.default.contentsOfDirectory(atPath: place)) ?? []).sorted().map {
          Case(folder: URL(filePath: place).appending(path: $0))
        }
      }.filter { FileManager.default.fileExists(atPath: $0.folder.appending(path: "outputs.npz").path) }
    }()

    func arrays(_ file: String) throws -> [String: Tensor] {
      let arrays = try TensorFile.readArchive(folder.appending(path: file).path)
      return Dictionary(arrays.map { ($0.name, $0.tensor) }) { first, _ in first }
    }

    func model() throws -> Model { try Model(contentsOf: folder.appending(path: "model.onnx").path) }

    struct Tolerance: Decodable { var rtol, atol: Double }

    func tolerance() throws -> Tolerance {
      try JSONDecoder().decode(Tolerance.self, from: Data(contentsOf: folder.appending(path: "data.json")))
    }
  }

  @Test("outputs are those recorded, eager and compiled", arguments: Case.all)
  func outputs(model test: Case) throws {
    let (inputs, expected, tolerance) = (
      try test.arrays("inputs.npz"), try test.arrays("outputs.npz"), try test.tolerance()
    )
    let model = try test.model()
    try expect(try noGrad { try model(inputs, execution: .eager) }, expected, tolerance, "eager")
    for run in 0..<3 {
      try expect(try noGrad { try model(inputs, execution: .compiled) }, expected, tolerance, "compiled, run \(run)")
    }
  }

  private func expect(
    _ outputs: Outputs, _ expected: [String: Tensor], _ tolerance: Case.Tolerance, _ run: String
  ) throws {
    for (name, value) in zip(outputs.names, outputs.values) {
      guard let tensor = value.tensor, let expected = expected[name], expected.dtype != .string else { continue }
      try #require(tensor.dtype == expected.dtype && tensor.shape == expected.shape, "\(run): \(name)")
      let numbers = zip(try tensor.elements(as: Double.self), try expected.elements(as: Double.self))
      let wrong = numbers.filter { found, expected in
        found != expected && !(found.isNaN && expected.isNaN)
          && !(abs(found - expected) <= tolerance.atol + tolerance.rtol * abs(expected))
      }
      #expect(wrong.isEmpty, "\(run): \(name): \(wrong.count) of \(tensor.count) differ, such as \(wrong.prefix(3))")
    }
  }

  @Test("five steps on the mean square of the first floating output make it smaller", arguments: Case.all)
  func training(model test: Case) throws {
    let (inputs, model) = (try test.arrays("inputs.npz"), try test.model())
    guard !model.parameters.with(.trainable).isEmpty else { return }
    func loss() throws -> Tensor? {
      let output = try model(inputs).values.lazy.compactMap(\.tensor).first { $0.dtype.isFloatingPoint }
      guard let output, output.requiresGrad else { return nil }
      return try withErrors { (output * output).mean() }
    }
    var optimizer = Adam(model.parameters, learningRate: 1e-4)
    var losses: [Double] = []
    for _ in 0..<5 {
      // Nothing that trains may lie on the way to the output.
      guard let loss = try loss() else { return }
      losses.append(try loss.detach().item())
      try loss.backward()
      optimizer.step()
      model.zeroGrad()
    }
    losses.append(try loss()?.detach().item() ?? .nan)
    #expect(losses.last ?? .nan < losses[0], "\(losses)")
  }
}
