import Foundation
import Synchronization
import Testing
import Thaw

/// How Thaw should feel to use, as its design says it in code, compiles and runs as it stands.
@Suite("The design's code") struct DesignTests {
  private static let code = """
    import Thaw

    let model = try Model(contentsOf: "Models/digits.onnx")            // opens in milliseconds; weights stay in the mapping
    print(model.parameters.summary)                                    // trainable, frozen, buffers, constants, and the rule that said so
    let logits = try model(["image": batch])["logits"]                 // replay through the one door: gradFn is there if something trains

    try model.freeze("features.*")
    var optimizer = SGD(model.parameters, learningRate: 0.01, momentum: 0.9)
    let loss = crossEntropy(logits, labels)
    try loss.backward()                                                // eager, as in PyTorch
    optimizer.step(); model.zeroGrad()

    let trainer = try Trainer(model, loss: .crossEntropy, optimizer: .sgd(0.01, momentum: 0.9))   // the same, compiled
    for epoch in try trainer.fit(data, epochs: 5) { print(epoch) }
    try model.save(to: "tuned.onnx")

    let graph = try Graph.record(inputs: ["a": .float32([2]), "b": .float32([2])]) { a, b in 3 * a ** 3 - b ** 2 }
    try graph.save(to: "tutorial.onnx")
    """

  // swift-format-ignore
  private static func run(batch: Tensor, labels: Tensor, data: Dataset) throws {
    let model = try Model(contentsOf: "Models/digits.onnx")            // opens in milliseconds; weights stay in the mapping
    print(model.parameters.summary)                                    // trainable, frozen, buffers, constants, and the rule that said so
    let logits = try model(["image": batch])["logits"]                 // replay through the one door: gradFn is there if something trains

    try model.freeze("features.*")
    var optimizer = SGD(model.parameters, learningRate: 0.01, momentum: 0.9)
    let loss = crossEntropy(logits, labels)
    try loss.backward()                                                // eager, as in PyTorch
    optimizer.step(); model.zeroGrad()

    let trainer = try Trainer(model, loss: .crossEntropy, optimizer: .sgd(0.01, momentum: 0.9))   // the same, compiled
    for epoch in try trainer.fit(data, epochs: 5) { print(epoch) }
    try model.save(to: "tuned.onnx")

    let graph = try Graph.record(inputs: ["a": .float32([2]), "b": .float32([2])]) { a, b in 3 * a ** 3 - b ** 2 }
    try graph.save(to: "tutorial.onnx")
  }

  @Test("what runs is what is written, word for word") func text() throws {
    let source = try String(contentsOfFile: #filePath, encoding: .utf8)
    let start = try #require(source.range(of: "func run(batch: Tensor, labels: Tensor, data: Dataset) throws {\n"))
    let end = try #require(source.range(of: "\n  }\n", range: start.upperBound..<source.endIndex))
    let body = source[start.upperBound..<end.lowerBound].split(separator: "\n", omittingEmptySubsequences: false)
      .map { $0.hasPrefix("    ") ? $0.dropFirst(4) : $0 }
    #expect(source.contains("\nimport Thaw\n"))
    #expect("import Thaw\n\n" + body.joined(separator: "\n") == Self.code)
  }

  @Test("it runs, beside a folder Models, and leaves what it says") func runs() throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let models = root.appending(path: "Models")
    let folder = FileManager.default.temporaryDirectory.appending(path: "thaw-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try FileManager.default.createSymbolicLink(at: folder.appending(path: "Models"), withDestinationURL: models)

    let batch = try RandomGenerator(seed: 0).uniform([4, 1, 8, 8])
    let labels = Tensor([0, 1, 2, 3])
    try Self.inFolder(folder.path) {
      try Self.run(batch: batch, labels: labels, data: ["image": batch, "target": labels])
    }

    let original = try Model(contentsOf: models.appending(path: "digits.onnx").path)
    let tuned = try Model(contentsOf: folder.appending(path: "tuned.onnx").path)
    for (before, after) in zip(original.parameters, tuned.parameters) {
      let isSame = try before.value().elements(as: Float.self) == after.value().elements()
      #expect(isSame == before.name.hasPrefix("features."), "\(before.name)")
      #expect(after.role == (isSame ? .frozen : .trainable), "\(before.name)")
    }
    let tutorial = try Model(contentsOf: folder.appending(path: "tutorial.onnx").path)
    let q = try tutorial(["a": Tensor([2, 3] as [Float]), "b": Tensor([6, 4] as [Float])])["output"]
    #expect(try q.elements(as: Float.self) == [-12, 65])
  }

  /// Runs `body` on a thread that has another working directory than the process.
  private static func inFolder(_ path: String, _ body: @escaping @Sendable () throws -> Void) throws {
    let outcome = Mutex<Result<Void, any Error>?>(nil)
    let done = DispatchSemaphore(value: 0)
    let thread = Thread {
      let result = Result {
        // CLONE_FS; the header that declares the function is not in Swift's module of the C library.
        typealias Unshare = @convention(c) (CInt) -> CInt
        guard let symbol = dlsym(nil, "unshare"), unsafeBitCast(symbol, to: Unshare.self)(0x200) == 0, chdir(path) == 0
        else { throw TensorError(.unsupported, "a thread with a working directory of its own") }
        try body()
      }
      outcome.withLock { $0 = result }
      done.signal()
    }
    thread.stackSize = 8 << 20
    thread.start()
    done.wait()
    try outcome.withLock { $0 }?.get()
  }
}
