import ArgumentParser
import Thaw
import ThawGraph
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
  @OptionGroup var threads: ThreadOptions
  @Flag(help: "Prints JSON also on a terminal.") var json = false

  func validate() throws {
    guard batch >= 1 else { throw ValidationError("--batch should be at least 1 and is \(batch)") }
    guard seconds >= 0 else { throw ValidationError("--seconds should be at least 0 and is \(seconds)") }
  }

  func run() throws { try threads.run(measure) }

  private func measure() throws {
    let timing = try Timing(Timing.measure(seconds: seconds, step()), each: epochs * batches)
    var output = FigureOutput<NetworkFigure>(json: json)
    try output.add(
      NetworkFigure(
        peer: peer, model: name, scenario: scenario.rawValue, batch: batch, ms: timing.milliseconds.rounded3,
        spreadMs: timing.spread.rounded3, peakRssMb: peakMemory))
    output.finish()
  }

  private var epochs: Int { scenario == .cached ? 10 : 1 }
  private var batches: Int { scenario == .cached ? 8 : 1 }

  /// What is measured: a step, or a whole run of several.
  private func step() throws -> () throws -> Void {
    let model = try Model(contentsOf: model)
    if scenario == .head || scenario == .cached { try model.trainLast(1) }
    let inputs = try model.randomInputs(batch: batch * batches)
    let given = Dictionary(uniqueKeysWithValues: inputs.map { ($0.name, $0.tensor) })
    let output = try model.trainedOutput(fromLogits: true)
    let execution = eager ? Execution.eager : .compiled
    guard scenario != .infer else { return { _ = try noGrad { try model(given, execution: execution) } } }
    // Running the model for its output's shape would add to the memory that is measured.
    let count = Dim.known(batch * batches)
    var type = output.type ?? .float32(count, .known(2))
    if let dims = type.dims, !dims.isEmpty { type = TensorType(type.dtype, [count] + dims.dropFirst()) }
    let labels = try Loss.crossEntropy.anyTarget(for: type)
    let trainer = try Trainer(
      model, loss: .crossEntropy, optimizer: .sgd(0.01, momentum: 0.9),
      batchNormalization: scenario == .full ? .train : .frozen, dropout: .off, metrics: [], execution: execution)
    guard scenario == .cached else { return { try trainer.step(given, labels) } }
    let plan = TrainingPlan(epochs: epochs, batching: Batching(size: batch))
    let arrays = inputs.map { (name: $0.name, tensor: $0.tensor) } + [(name: "target", tensor: labels)]
    // A new data set each time: nothing is known of its features.
    return { try trainer.fit(Dataset(arrays), plan) }
  }
}

/// As those of the peers' programs.
struct NetworkFigure: Figure {
  let peer: String
  let model: String
  let scenario: String
  let batch: Int
  let ms: Double
  let spreadMs: Double
  let peakRssMb: Int

  static var columns: [TextTable.Column] {
    [.left("model"), .left("scenario"), .right("batch"), .right("ms a step"), .right("spread"), .right("peak MB")]
  }

  var cells: [String] { [model, scenario, "\(batch)", ms.short, spreadMs.short, "\(peakRssMb)"] }
}
