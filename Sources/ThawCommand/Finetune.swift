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
  @Option(name: [.customShort("o"), .long], help: "Where to save the trained model.") var out: String

  func run() throws {
    // Whatever can go wrong should do so before the first step, the saving too.
    try TensorFile.checkWritable(out)
    let model = try layers.prepared(Model(contentsOf: model), seed: training.seed)
    let trainer = try Trainer(
      model, loss: loss.loss, optimizer: optimizer.choice, output: layers.output,
      inputs: layers.inputs.tensors(for: model), batchNormalization: layers.batchNorm.mode)
    let samples = try Dataset(contentsOf: data.data)
    let measuring = try data.test.map { try Dataset(contentsOf: $0) } ?? samples

    if let head = model.head { Console.line("head: \(head)") }
    Console.line("\(ParameterReport(model.parameters))")
    for note in trainer.evaluator.notes { Console.line("note: \(note)") }
    if !trainer.unreached.isEmpty {
      Console.line("note: no gradient reaches, so these stay as they are: \(trainer.unreached.map(\.name).shortened())")
    }
    let place = "\(data.test == nil ? "training" : "held-out") data, \(measuring.source)"
    Console.line("before: \(try trainer.evaluate(measuring, batchSize: training.batch)) (\(place))")
    let bar = ProgressBar()
    try trainer.fit(
      samples, epochs: training.epochs, batching: Batching(size: training.batch, order: training.order),
      progress: bar.show
    ) { epoch in
      bar.clear()
      Console.line("\(epoch)")
    }
    Console.line("after: \(try trainer.evaluate(measuring, batchSize: training.batch)) (\(place))")
    try model.save(to: out)
    Console.line("saved: \(out)")
  }
}
