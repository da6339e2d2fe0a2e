import ArgumentParser
import Thaw

/// `thaw evaluate`.
struct Evaluate: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate", abstract: "Measures a model on data.")

  @Argument(help: "The model, an .onnx file.") var model: String
  @OptionGroup(title: "Opening") var opening: OpeningOptions
  @Option(help: "The data, a .npz file: arrays named like the model's inputs, and 'target'.") var data: String
  @Option(help: "What is measured; cross-entropy comes with the accuracy, mse with its root.")
  var loss = LossName.crossEntropy
  @Option(help: "The samples computed at once (default: 32, or what the model is written for).") var batch: Int?

  func validate() throws {
    guard batch ?? 1 >= 1 else { throw ValidationError("--batch should be at least 1 and is \(batch ?? 1)") }
  }

  func run() throws {
    let evaluator = try Evaluator(opening.open(model), loss: loss.loss)
    let evaluation = try evaluator.evaluate(
      Dataset(contentsOf: data), batchSize: evaluator.model.batchSize(given: batch))
    for note in evaluator.output.notes { Console.line("note: \(note)") }
    Console.line("\(evaluation) (\(evaluation.sampleCount) samples)")
  }
}
