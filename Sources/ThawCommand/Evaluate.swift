import ArgumentParser
import Thaw
import ThawGraph

/// `thaw evaluate`.
struct Evaluate: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate", abstract: "Measures a model on data.",
    discussion: """
      \(DataFormatOptions.help)

      Example: thaw evaluate model.onnx --data test.npz --metric accuracy
      """)

  @Argument(help: "The model, an .onnx file.", completion: .model) var model: String
  @OptionGroup(title: "Opening") var opening: OpeningOptions
  @Option(help: "The data: a file, a folder, or NAME=FILE for each array; see above.", completion: .file()) var data:
    [String]
  @OptionGroup(title: "Data") var format: DataFormatOptions
  @OptionGroup(title: "Loss") var loss: LossOptions
  @Option(help: "The samples computed at once.") var batch = 32
  @Option(help: "The output to measure, where the model has several.") var output: String?
  @OptionGroup var inputs: InputOptions
  @OptionGroup(title: "Execution") var execution: ExecutionOptions

  func validate() throws {
    guard batch >= 1 else { throw ValidationError("--batch should be at least 1 and is \(batch)") }
  }

  func run() throws {
    try execution.run {
      let model = try opening.open(model)
      let samples = try format.open(data)
      let given = try inputs.tensors(for: model)
      let evaluator = try Evaluator(
        model, loss: loss.loss(for: model, output: output, inputs: given, samples, batchSize: batch), output: output,
        inputs: given, metrics: loss.metrics, execution: execution.execution)
      let evaluation = try Activity.run("evaluating") { try evaluator.evaluate(samples, batchSize: batch) }
      for note in evaluator.notes { Console.note(note) }
      Console.line("\(evaluation) (\(evaluation.sampleCount) samples)")
      return model.programCount
    }
  }
}
