import Foundation
import Testing
import ThawGraph
import ThawTensor

@Suite("Killed while training") struct KilledWhileTrainingTests {
  /// Everything that a run has to remember: running statistics, Dropout, an order, accumulation, the best epoch.
  private static let options =
    "finetune model.onnx --data data.npz --batch-norm train --batch 4 --accumulate 2 --epochs 16 --seed 3 "
    + "--schedule cosine --warmup 10% --clip-norm 1 --validation-split 0.2 -o tuned.onnx"

  private func writeModel(to folder: String) throws {
    let w = Parameter("w", try RandomGenerator(seed: 1).uniform([2, 16], from: -1, to: 1))
    let (scale, bias) = (Parameter("scale", Tensor.ones([16])), Parameter("bias", Tensor.zeros([16])))
    let mean = Parameter("mean", Tensor.zeros([16]), role: .buffer)
    let variance = Parameter("variance", Tensor.ones([16]), role: .buffer)
    let v = Parameter("v", try RandomGenerator(seed: 2).uniform([16, 2], from: -1, to: 1))
    let graph = try Graph.record(
      inputs: ["x": .float32("N", 2)], output: "y", parameters: [w, scale, bias, mean, variance, v]
    ) { x in
      let normalized = try apply(
        BatchNormalization(epsilon: 1e-5, momentum: 0.9), to: x.matmul(w.value()), scale.value(), bias.value(),
        mean.value(), variance.value())
      return normalized.relu().dropout(ratio: 0.3, training: false).matmul(try v.value())
    }
    try graph.save(to: "\(folder)/model.onnx")
    try TensorFile.write(SmallModels.points(80), to: "\(folder)/data.npz")
  }

  private func bytes(_ path: String) throws -> Data { try Data(contentsOf: URL(filePath: path)) }

  @Test(
    "a run that is killed and resumed, again and again, ends with the same bytes",
    arguments: ["--optimizer adam --lr 0.02", "--optimizer sgd --lr 0.05 --momentum 0.9"])
  func killed(optimizer: String) throws {
    try Thaw.withFolder { folder in
      try writeModel(to: folder)
      let options = "\(Self.options) \(optimizer)".split(separator: " ").map(String.init)
      let whole = try Thaw.run(options, in: folder)
      try #require(whole.code == 0, "\(whole.error)")
      let expected = try bytes("\(folder)/tuned.onnx")
      try FileManager.default.removeItem(atPath: "\(folder)/tuned.onnx")

      let checkpoint = "\(folder)/run.npz"
      let recording = ["--checkpoint", "run.npz", "--checkpoint-every", "3steps", "--log", "log.jsonl"]
      var kills = 0
      for attempt in 0..<200 where !FileManager.default.fileExists(atPath: "\(folder)/tuned.onnx") {
        let resuming = FileManager.default.fileExists(atPath: checkpoint) ? ["--resume", "run.npz"] : []
        let process = Thaw.process(options + recording + resuming, in: folder)
        (process.standardOutput, process.standardError) = (FileHandle.nullDevice, FileHandle.nullDevice)
        try process.run()
        // From a new checkpoint on, after a while of its own: how fast the machine is does not matter.
        let before = try? bytes(checkpoint)
        while process.isRunning, (try? bytes(checkpoint)) == before { usleep(500) }
        if attempt < 12 {
          usleep(UInt32(attempt * 7919 % 23 * 1000))
          kill(process.processIdentifier, SIGKILL)
        }
        process.waitUntilExit()
        if process.terminationReason == .uncaughtSignal { kills += 1 }
        if process.terminationReason == .exit { #expect(process.terminationStatus == 0) }
      }
      #expect(kills >= 3)
      #expect(try bytes("\(folder)/tuned.onnx") == expected)

      // Every epoch stands in the log once, whatever was killed.
      let epochs = try String(contentsOfFile: "\(folder)/log.jsonl", encoding: .utf8).matches(of: /"epoch":(\d+)/).map {
        Int($0.1)
      }
      #expect(epochs == Array(1...16))
      let again = try Thaw.run(options + ["--resume", "run.npz"], in: folder)
      #expect(again.output.contains("has done all its 16 epochs: nothing is left to train"))
      #expect(try bytes("\(folder)/tuned.onnx") == expected)
    }
  }

  @Test("Ctrl-C ends a run after its step: a checkpoint, a message, 130; resumed, the same bytes")
  func interrupted() throws {
    try Thaw.withFolder { folder in
      try writeModel(to: folder)
      let options = Self.options.split(separator: " ").map(String.init)
      #expect(try Thaw.run(options, in: folder).code == 0)
      let expected = try bytes("\(folder)/tuned.onnx")
      try FileManager.default.removeItem(atPath: "\(folder)/tuned.onnx")

      let process = Thaw.process(options + ["--checkpoint", "run.npz", "--checkpoint-every", "1steps"], in: folder)
      let error = Pipe()
      (process.standardOutput, process.standardError) = (FileHandle.nullDevice, error)
      try process.run()
      while process.isRunning, !FileManager.default.fileExists(atPath: "\(folder)/run.npz") { usleep(500) }
      process.interrupt()
      let message = String(decoding: error.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
      process.waitUntilExit()
      #expect(process.terminationReason == .exit && process.terminationStatus == 130)
      #expect(message.hasPrefix("thaw: training was interrupted "))
      #expect(message.contains(": go on with the checkpoint run.npz\nthaw: note: to go on: "))
      #expect(message.hasSuffix(" --resume run.npz\n"))
      #expect(!FileManager.default.fileExists(atPath: "\(folder)/tuned.onnx"))

      let resumed = try Thaw.run(options + ["--resume", "run.npz"], in: folder)
      #expect(resumed.code == 0 && resumed.output.contains("note: the run goes on "), "\(resumed.error)")
      #expect(try bytes("\(folder)/tuned.onnx") == expected)
    }
  }
}
