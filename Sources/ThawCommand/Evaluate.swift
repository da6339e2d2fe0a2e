import ArgumentParser
import Thaw

/// `thaw evaluate`.
struct Evaluate: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate", abstract: "Measures a model on data.", discussion: DataFormatOptions.help)

  @Argument(help: "The model, an .onnx file.") var model: String
  @OptionGroup(title: "Opening") var opening: OpeningOptions
  @Option(help: "The data: a file, a folder, or NAME=FILE for each array; see above.") var data: [String]
  @OptionGroup(title: "Data") var format: DataFormatOptions
  @OptionGroup(title: "Loss") var loss: LossOptions
  @Option(help: "The samples computed at once (default: 32, or what the model is written for).") var batch: Int?

  func validate() throws {
    guard batch ?? 1 >= 1 else { throw ValidationError("--batch should be at least 1 and is \(batch ?? 1)") }
  }

  func run() throws {
    let model = try opening.open(model)
    let (samples, batchSize) = (try format.open(data), model.batchSize(given: batch))
    let evaluator = try Evaluator(
      model, loss: loss.loss(for: model, samples, batchSize: batchSize), metrics: loss.metrics)
    let evaluation = try evaluator.evaluate(samples, batchSize: batchSize)
    for note in evaluator.output.notes { Console.line("note: \(note)") }
    Console.line("\(evaluation) (\(evaluation.sampleCount) samples)")
  }
}
