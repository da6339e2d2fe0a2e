import Foundation
import Testing
import ThawTensor

@testable import ThawGraph

/// Inferred types against what runs: every value of every recorded model, in bodies' outputs too.
@Suite("Inferred types equal what ran") struct InferredTypeTests {
  static let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()
  static let shared = tests.deletingLastPathComponent().deletingLastPathComponent().appending(path: "shared")

  /// The folders below that hold a model, sorted.
  static func cases(_ folder: URL) -> [String] {
    let folders = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return folders.sorted().map { folder.appending(path: $0).path }
      .filter { FileManager.default.fileExists(atPath: "\($0)/model.onnx") }
  }

  @Test("a part of ONNX's cases", arguments: cases(tests.appending(path: "ThawGraphTests/Fixtures/Inference")))
  func copied(folder: String) throws { try expectAgreement(folder) }

  @Test("goldens", arguments: cases(tests.appending(path: "Goldens")) + cases(shared.appending(path: "goldens")))
  func goldens(folder: String) throws { try expectAgreement(folder) }

  @Test("pretrained networks", arguments: cases(shared.appending(path: "models")))
  func networks(folder: String) throws { try expectAgreement(folder) }

  @Test("all of ONNX's cases, where they are beside the checkout")
  func conformance() throws {
    let archive = Self.shared.appending(path: "conformance/onnx-backend-tests.tar.xz").path
    guard FileManager.default.fileExists(atPath: archive) else { return }
    let place = FileManager.default.temporaryDirectory.appending(path: "thaw-inference-\(UUID())")
    try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: place) }
    let tar = Process()
    tar.executableURL = URL(filePath: "/usr/bin/env")
    tar.arguments = ["tar", "-xJf", archive, "-C", place.path]
    try tar.run()
    tar.waitUntilExit()
    try #require(tar.terminationStatus == 0)
    let top = try FileManager.default.contentsOfDirectory(atPath: place.path).map { place.appending(path: $0) }
    let roots =
      top
      + top.flatMap { root in
        ((try? FileManager.default.contentsOfDirectory(atPath: root.path)) ?? []).map { root.appending(path: $0) }
      }
    let folders = roots.flatMap(Self.cases)
    #expect(folders.count > 2000)
    for folder in folders { try expectAgreement(folder) }
  }

  /// Whether nothing was inferred that did not come out.
  private func expectAgreement(_ folder: String) throws {
    guard let model = try? Model(contentsOf: "\(folder)/model.onnx") else { return }
    let name = URL(filePath: folder).lastPathComponent
    let inference = Inference(model.graph)
    #expect(inference.problems.filter { $0.kind != .unsupported } == [], "\(name)")
    for data in try dataFolders(folder) {
      var agreement = Agreement(name)
      let inputs = tensors(data, "input")
      let names = model.inputs.map(\.name)
      for (index, input) in zip(model.graph.inputs, inputs) {
        if let input {
          agreement.check(inference.world.types[index], .tensor(input.type), model.graph.values[index].name)
        }
      }
      for (index, output) in zip(model.graph.outputs, tensors(data, "output")) {
        if let output {
          agreement.check(inference.world.types[index], .tensor(output.type), model.graph.values[index].name)
        }
      }
      let given = zip(names, inputs).compactMap { name, input in input.map { (name, Value.tensor($0)) } }
      guard given.count == names.count,
        let bound = try? InputBinding(model.graph).bind(Dictionary(given) { $1 }),
        let replay = try? Replay(model.graph, targets: model.graph.outputs)
      else { continue }
      _ = try? noGrad {
        try replay.run(bound) { node, _, outputs in
          for (index, output) in zip(node.outputs, outputs) {
            guard let index, let output else { continue }
            agreement.check(inference.world.types[index], output.type, model.graph.values[index].name)
          }
        }
      }
      #expect(agreement.contradictions == [])
    }
  }

  private func dataFolders(_ folder: String) throws -> [String] {
    let inside = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasPrefix("test_data_set") }
    return inside.isEmpty ? [folder] : inside.sorted().map { "\(folder)/\($0)" }
  }

  /// The tensors of files such as `input_0.pb`; nil for another kind of value.
  private func tensors(_ folder: String, _ kind: String) -> [Tensor?] {
    var tensors: [Tensor?] = []
    while case let path = "\(folder)/\(kind)_\(tensors.count).pb", FileManager.default.fileExists(atPath: path) {
      tensors.append(try? TensorFile.read(path))
    }
    return tensors
  }
}

/// What inferred types say and what came out, dimension by dimension.
private struct Agreement {
  private(set) var contradictions: [String] = []
  private var sizes: [String: Int] = [:]
  private let name: String

  init(_ name: String) { self.name = name }

  mutating func check(_ inferred: ValueType?, _ actual: ValueType, _ value: String) {
    switch (inferred, actual) {
    case (nil, _): break
    case (.tensor(let type)?, .tensor(let found)):
      guard let shape = found.dims else { return }
      if type.dtype != found.dtype { contradict(type.description, found, value) }
      guard let dims = type.dims else { return }
      guard dims.count == shape.count else { return contradict(type.description, found, value) }
      // Elements of a sequence may differ where they are not said to be alike.
      for (dim, ran) in zip(dims, shape) {
        guard let size = ran.value else { continue }
        switch dim {
        case .known(let known): if known != size { contradict(type.description, found, value) }
        case .symbol(let symbol):
          let bound = sizes[symbol] ?? size
          sizes[symbol] = bound
          if bound != size { contradict("\(type) with \(symbol) = \(bound)", found, value) }
        case .unknown: break
        }
      }
    case (.sequence(let element)?, .sequence(let found)): check(element, found, value)
    case (.optional(let element)?, .optional(let found)): check(element, found, value)
    case (.optional(let element)?, let found): check(element, found, value)
    default: if inferred != actual { contradictions.append("\(name): '\(value)' is \(actual), not \(inferred!)") }
    }
  }

  private mutating func contradict(_ inferred: String, _ found: TensorType, _ value: String) {
    contradictions.append("\(name): '\(value)' was inferred as \(inferred) and is \(found)")
  }
}
