import ArgumentParser
import Thaw

/// `thaw finetune`.
struct Finetune: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "finetune",
    abstract: "Trains what is trainable in a model on data, and saves the result.",
    discussion: DataFormatOptions.help)

  @Argument(help: "The model, an .onnx file.") var model: String
  @OptionGroup(title: "Data") var data: DataOptions
  @OptionGroup(title: "Model") var layers: ModelOptions
  @OptionGroup(title: "Loss") var loss: LossOptions
  @OptionGroup(title: "Optimizer") var optimizer: OptimizerOptions
  @OptionGroup(title: "Training") var training: TrainingOptions
  @Option(name: .shortAndLong, help: "Where to save the trained model.") var output: String

  func run() throws {
    // Whatever can go wrong should do so before the first step, the saving too.
    try TensorFile.checkWritable(output)
    let model = try layers.prepared(Model(contentsOf: model), seed: training.seed)
    let trainer = try Trainer(
      model, loss: loss.loss, optimizer: optimizer.choice, batchNormalization: layers.batchNorm.mode)
    let batchSize = model.batchSize(given: training.batch)
    let samples = try data.format.open(data.data)
    let measuring = data.test.isEmpty ? samples : try data.format.open(data.test)
    let bar = ProgressBar()
    for dataset in [samples, measuring] {
      try trainer.evaluator.check(dataset, batchSize: batchSize, progress: bar.showChecking)
    }
    bar.clear()

    Console.line("\(ParameterReport(model.parameters))")
    for note in trainer.evaluator.output.notes { Console.line("note: \(note)") }
    if !trainer.unreached.isEmpty {
      Console.line("note: no gradient reaches, so these stay as they are: \(trainer.unreached.map(\.name).shortened())")
    }
    let place = "\(data.test.isEmpty ? "training" : "held-out") data, \(measuring.source)"
    Console.line("before: \(try trainer.evaluate(measuring, batchSize: batchSize)) (\(place))")
    try trainer.fit(
      samples, epochs: training.epochs, batching: Batching(size: batchSize, order: training.order), progress: bar.show
    ) { epoch in
      bar.clear()
      Console.line("\(epoch)")
    }
    Console.line("after: \(try trainer.evaluate(measuring, batchSize: batchSize)) (\(place))")
    try model.save(to: output)
    Console.line("saved: \(output)")
  }
}
