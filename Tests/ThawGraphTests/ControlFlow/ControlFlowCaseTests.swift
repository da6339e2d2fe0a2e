import Foundation
import Testing
import ThawTensor

@testable import ThawGraph

/// A model with recorded inputs and outputs.
struct RecordedCase: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let folder: String

  static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()

  /// ONNX's own.
  static let onnx = ["test_if", "test_loop11", "test_scan9_multi_state", "test_scan_sum"].map { name in
    RecordedCase(testDescription: name, folder: root.appending(path: "Fixtures/ControlFlow/\(name)").path)
  }

  /// Pretrained networks beside the checkout, where they are there: an If for each of two rates, LSTMs, and weights in
  /// Constant nodes inside.
  static let shared = ["silero_vad_op15"].map { name in
    let models = root.deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    return RecordedCase(testDescription: name, folder: models.appending(path: "shared/models/\(name)").path)
  }.filter { FileManager.default.fileExists(atPath: "\($0.folder)/model.onnx") }

  /// All networks there.
  static let networks: [RecordedCase] = {
    let models = root.deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "shared/models").path
    return ((try? FileManager.default.contentsOfDirectory(atPath: models)) ?? []).sorted()
      .map { RecordedCase(testDescription: $0, folder: "\(models)/\($0)") }
      .filter { FileManager.default.fileExists(atPath: "\($0.folder)/model.onnx") }
  }()

  /// The tensors of files such as `input_0.pb`, in order.
  func tensors(_ kind: String) throws -> [Tensor] {
    var tensors: [Tensor] = []
    while case let path = "\(folder)/\(kind)_\(tensors.count).pb", FileManager.default.fileExists(atPath: path) {
      tensors.append(try TensorFile.read(path))
    }
    return tensors
  }
}

@Suite("Recorded cases of If, Loop and Scan") struct ControlFlowCaseTests {
  @Test("outputs", arguments: RecordedCase.onnx + RecordedCase.shared)
  func outputs(recorded: RecordedCase) throws {
    let model = try Model(contentsOf: "\(recorded.folder)/model.onnx")
    let inputs = zip(model.inputs.map(\.name), try recorded.tensors("input"))
    let outputs = try model(Dictionary(uniqueKeysWithValues: inputs))
    let expected = try recorded.tensors("output")
    try #require(!expected.isEmpty)
    for (name, tensor) in zip(model.outputs.map(\.name), expected) {
      #expect(outputs[name].dtype == tensor.dtype && outputs[name].shape == tensor.shape)
      let pairs = zip(try outputs[name].elements(as: Double.self), try tensor.elements(as: Double.self))
      let worst = pairs.map { abs($0 - $1) - (1e-5 + 1e-3 * abs($1)) }.max() ?? 0
      #expect(worst <= 0, "\(name): \(worst) outside of its bound")
    }
  }
}
