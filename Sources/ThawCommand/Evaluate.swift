import ArgumentParser
import Thaw

/// `thaw evaluate`.
struct Evaluate: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate", abstract: "Measures a model on data.")

  @Argument(help: "The model, an .onnx file.") var model: String
  @Option(help: "The data, a .npz file: arrays named like the model's inputs, and 'target'.") var data: String
  @Option(help: "What is measured; cross-entropy comes with the accuracy, mse with its root.")
  var loss = LossName.crossEntropy
  @Option(help: "The samples computed at once.") var batch = 32
  @Option(help: "The output to measure, where the model has several.") var output: String?
  @OptionGroup var inputs: InputOptions

  func validate() throws {
    guard batch >= 1 else { throw ValidationError("--batch should be at least 1 and is \(batch)") }
  }

  func run() throws {
    let model = try Model(contentsOf: model)
    let evaluator = try Evaluator(model, loss: loss.loss, output: output, inputs: inputs.tensors(for: model))
    let evaluation = try evaluator.evaluate(Dataset(contentsOf: data), batchSize: batch)
    for note in evaluator.notes { Console.line("note: \(note)") }
    Console.line("\(evaluation) (\(evaluation.sampleCount) samples)")
  }
}
