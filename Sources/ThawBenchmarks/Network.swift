import ArgumentParser
import Foundation
import Thaw
import ThawGraph
import ThawTensor
import ThawTraining

/// `thaw-bench network`: a step of a classifier, from a batch in memory to updated weights.
struct Network: ParsableCommand {
  enum Scenario: String, ExpressibleByArgument, CaseIterable { case full, head, cached, infer }

  static let configuration = CommandConfiguration(
    commandName: "network", abstract: "The median milliseconds of a training step, or of inference.")

  @Argument(help: "The model, an .onnx file with one input and one output of logits.") var model: String
  @Option(help: "The name in the result.") var name: String
  @Option(
    help: ArgumentHelp(
      """
      What trains: everything, with BatchNormalization in training; the last layer; the last layer for 10 epochs of 8 \
      batches, whose frozen part is computed once, each run anew; nothing.
      """))
  var scenario = Scenario.full
  @Option(help: "The samples of a step.") var batch: Int
  @Option(help: "How long to measure.") var seconds = 6.0
  @Flag(help: "Replays eagerly instead of compiling.") var eager = false

  func run() throws {
    let model = try Model(contentsOf: model)
    if scenario == .head || scenario == .cached { try model.trainLast(1) }
    let (epochs, batches) = scenario == .cached ? (10, 8) : (1, 1)
    let generator = RandomGenerator(seed: 0)
    let inputs = try model.inputs.map { name, type -> (String, Tensor) in
      guard let type = type?.tensor, let dims = type.dims else { throw ValidationError("'\(name)' has no dimensions") }
      let shape = [batches * batch] + dims.dropFirst().map { $0.value ?? 1 }
      let values = try generator.uniform(shape, from: -1, to: 1)
      if type.dtype.isFloatingPoint { return (name, values) }
      return (name, try withErrors { (values * 100).abs().cast(to: type.dtype) })
    }
    let output = try model.trainedOutput(fromLogits: true)
    let classes = output.type?.dims?.last?.value ?? 2
    let labels = Tensor((0..<(batches * batch)).map { $0 % classes })
    let given = Dictionary(uniqueKeysWithValues: inputs)
    let execution = eager ? Execution.eager : .compiled
    let step: () throws -> Void
    if scenario == .infer {
      step = { _ = try noGrad { try model(given, execution: execution) } }
    } else {
      let trainer = try Trainer(
        model, loss: .crossEntropy, optimizer: .sgd(0.01, momentum: 0.9),
        batchNormalization: scenario == .full ? .train : .frozen, dropout: .off, metrics: [], execution: execution)
      if scenario == .cached {
        let plan = TrainingPlan(epochs: epochs, batching: Batching(size: batch))
        // A new data set each time: nothing is known of its features.
        step = { try trainer.fit(Dataset(inputs + [("target", labels)]), plan) }
      } else {
        step = { try trainer.step(given, labels) }
      }
    }
    for _ in 0..<2 { try step() }
    var times: [Double] = []
    let start = ContinuousClock.now
    while (ContinuousClock.now - start) / .seconds(1) < seconds || times.count < 5 {
      let before = ContinuousClock.now
      try step()
      times.append((ContinuousClock.now - before) / .milliseconds(Double(epochs * batches)))
    }
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    let median = times.sorted()[times.count / 2]
    let figure = String(format: "%.3f", median)
    print(
      "{\"peer\": \"thaw\", \"model\": \"\(name)\", \"scenario\": \"\(scenario.rawValue)\", \"batch\": \(batch), "
        + "\"ms\": \(figure), \"peak_rss_mb\": \(usage.ru_maxrss / 1024)}")
  }
}
