import ArgumentParser
import Thaw

/// `thaw finetune`.
struct Finetune: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "finetune",
    abstract: "Trains what is trainable in a model on data, and saves the result.",
    discussion: "The data is a .npz file: arrays named like the model's inputs, and 'target'; first axes count samples."
  )

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
    let batchSize = model.batchSize(given: training.batch)
    let samples = try Dataset(contentsOf: data.data)
    let trainer = try Trainer(
      model, loss: loss.loss(for: model, samples, batchSize: batchSize), optimizer: optimizer.choice,
      batchNormalization: layers.batchNorm.mode, groups: optimizer.groups, metrics: loss.metrics)
    let measuring = try data.test.map { try Dataset(contentsOf: $0) } ?? samples

    Console.line("\(ParameterReport(model.parameters))")
    for note in trainer.evaluator.output.notes { Console.line("note: \(note)") }
    if !trainer.unreached.isEmpty {
      Console.line("note: no gradient reaches, so these stay as they are: \(trainer.unreached.map(\.name).shortened())")
    }
    let place = "\(data.test == nil ? "training" : "held-out") data, \(measuring.source)"
    Console.line("before: \(try trainer.evaluate(measuring, batchSize: batchSize)) (\(place))")
    let bar = ProgressBar()
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
