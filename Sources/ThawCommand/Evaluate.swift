import ArgumentParser
import Thaw

/// `thaw evaluate`.
struct Evaluate: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate", abstract: "Measures a model on data.", discussion: DataFormatOptions.help)

  @Argument(help: "The model, an .onnx file.") var model: String
  @Option(help: "The data: a file, a folder, or NAME=FILE for each array; see above.") var data: [String]
  @OptionGroup(title: "Data") var format: DataFormatOptions
  @Option(help: "What is measured; cross-entropy comes with the accuracy, mse with its root.")
  var loss = LossName.crossEntropy
  @Option(help: "The samples computed at once (default: 32, or what the model is written for).") var batch: Int?

  func validate() throws {
    guard batch ?? 1 >= 1 else { throw ValidationError("--batch should be at least 1 and is \(batch ?? 1)") }
  }

  func run() throws {
    let evaluator = try Evaluator(Model(contentsOf: model), loss: loss.loss)
    let evaluation = try evaluator.evaluate(
      format.open(data), batchSize: evaluator.model.batchSize(given: batch))
    for note in evaluator.output.notes { Console.line("note: \(note)") }
    Console.line("\(evaluation) (\(evaluation.sampleCount) samples)")
  }
}
