import Testing
import ThawGraph
import ThawTensor

@testable import ThawTraining

/// Short trainings of the goldens end with the same bytes.
@Suite("Determinism") struct DeterminismTests {
  /// The weights after three steps, the loss, and a prediction.
  private func result(_ golden: Golden, _ execution: Execution, threads: Int) throws -> [String: [UInt8]] {
    let information = try golden.information()
    let model = try Model(contentsOf: golden.path("model.onnx"))
    let arrays = try golden.arrays("train_data.npz")
    return try Threads.with(threads) {
      let trainer = try Trainer(
        model, loss: information.loss == "ce" ? .crossEntropy : .meanSquaredError,
        optimizer: .adam(0.01), output: model.outputs.first?.name, batchNormalization: .train, execution: execution)
      let dataset = Dataset(arrays.sorted { $0.key < $1.key }.map { (name: $0.key, tensor: $0.value) })
      let count = try dataset.sampleCount()
      try trainer.fit(dataset, epochs: 3, batching: Batching(size: count))
      let evaluation = try trainer.evaluate(dataset)
      var bytes = try Dictionary(
        uniqueKeysWithValues: model.parameters.map {
          ($0.name, try $0.value().detach().contiguous().withBytes { Array($0) })
        })
      bytes["the loss"] = withUnsafeBytes(of: evaluation.loss) { Array($0) }
      return bytes
    }
  }

  @Test("deterministic, any number of threads", arguments: Golden.all, [Execution.compiled, .eager])
  func threads(golden: Golden, execution: Execution) throws {
    let expected = try result(golden, execution.deterministic, threads: 1)
    for threads in [2, 3] {
      let found = try result(golden, execution.deterministic, threads: threads)
      for (name, bytes) in expected { #expect(found[name] == bytes, "\(name) with \(threads) threads") }
    }
  }

  @Test("without the flag, the same number of threads", arguments: Golden.all, [1, 2, 3])
  func sameThreads(golden: Golden, threads: Int) throws {
    let expected = try result(golden, .compiled, threads: threads)
    #expect(try result(golden, .compiled, threads: threads) == expected)
  }

  @Test("what a checkpoint's last digits depend on is told")
  func environment() {
    var old = RunEnvironment(.compiled)
    let new = RunEnvironment(.compiled)
    #expect(new.warning(comparedTo: old) == nil)
    old.threads += 1
    let warning = new.warning(comparedTo: old)
    #expect(warning?.contains("\(old.threads) threads, and this run has \(new.threads)") == true, "\(warning ?? "")")
    var exact = RunEnvironment(.compiled.deterministic)
    exact.threads += 1
    #expect(RunEnvironment(.compiled.deterministic).warning(comparedTo: exact) == nil)
    let changed = new.warning(comparedTo: RunEnvironment(.eager.deterministic))
    #expect(
      changed?.contains("eager, deterministic execution, and this run has compiled execution") == true,
      "\(changed ?? "")")
    old = new
    (old.execution, old.isDeterministic, old.instructionSet) = (nil, nil, nil)
    #expect(new.warning(comparedTo: old) == nil, "a checkpoint of an earlier version")
    old.instructionSet = "SSE4.1"
    #expect((new.warning(comparedTo: old) != nil) == (new.instructionSet != nil))
  }
}
