import ArgumentParser
import Thaw
import ThawTraining

/// `thaw finetune`.
struct Finetune: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "finetune",
    abstract: "Trains what is trainable in a model on data, and saves the result.",
    discussion: """
      \(DataFormatOptions.help)

      Ctrl-C ends a run after its step and writes a checkpoint: --checkpoint, or OUT.checkpoint.npz where none is given.

      Example: thaw finetune model.onnx --data train.npz --epochs 10 -o tuned.onnx
      """)

  @Argument(help: "The model, an .onnx file.", completion: .model) var model: String
  @OptionGroup(title: "Opening") var opening: OpeningOptions
  @OptionGroup(title: "Data") var data: DataOptions
  @OptionGroup(title: "Model") var layers: ModelOptions
  @OptionGroup(title: "Loss") var loss: LossOptions
  @OptionGroup(title: "Optimizer") var optimizer: OptimizerOptions
  @OptionGroup(title: "Training") var training: TrainingOptions
  @OptionGroup(title: "Execution") var execution: ExecutionOptions
  @OptionGroup(title: "Features") var features: FeatureOptions
  @OptionGroup(title: "Validation") var validation: ValidationOptions
  @OptionGroup(title: "Files") var record: RecordOptions
  @Option(name: [.customShort("o"), .long], help: "Where to save the trained model.", completion: .file()) var out:
    String
  @OptionGroup var saving: SavingOptions

  func validate() throws { try record.check(against: out) }

  func run() throws {
    try execution.run {
      // Whatever can go wrong should do so before the first step, the saving too.
      try TensorFile.checkWritable(out)
      let model = try layers.prepared(opening.open(model), seed: training.seed)
      let divided = try validation.divide(data.format.open(data.data), data.format, seed: training.seed)
      let test = data.test.isEmpty ? nil : try data.format.open(data.test)
      var plan = training.plan
      plan.features = features.caching
      plan.validation = divided.validation
      plan.patience = validation.earlyStop
      record.add(to: &plan)
      plan.interruptionCheckpoint = "\(out).checkpoint.npz"
      plan.isInterrupted = { Interruption.exitCode != nil }
      let given = try layers.inputs.tensors(for: model)
      let trainer = try Trainer(
        model,
        loss: loss.loss(
          for: model, output: layers.output, inputs: given, divided.training, batchSize: plan.batching.size),
        optimizer: optimizer.choice, output: layers.output, inputs: given, batchNormalization: layers.batchNorm.mode,
        dropout: layers.dropout.mode, groups: optimizer.groups, metrics: loss.metrics, execution: execution.execution)
      for dataset in [divided.training, divided.validation, test].compactMap({ $0 }) {
        try trainer.evaluator.check(
          dataset, batchSize: plan.batching.size, progress: { StatusLine.show("checking the data", share: $0) })
      }

      if let head = model.head { Console.line("head: \(head)") }
      Console.line("\(ParameterReport(model.parameters))")
      for note in trainer.evaluator.notes { Console.note(note) }
      if !trainer.unreached.isEmpty {
        Console.note("no gradient reaches, so these stay as they are: \(trainer.unreached.map(\.name).shortened())")
      }
      if let note = divided.note { Console.note(note) }
      let (measuring, kind) =
        test.map { ($0, "held-out") } ?? divided.validation.map { ($0, "validation") } ?? (divided.training, "training")
      let place = "\(kind) data, \(measuring.source)"
      let before = try Activity.run("measuring before") {
        try trainer.evaluate(measuring, batchSize: plan.batching.size)
      }
      Interruption.watch()
      Console.line("before: \(before) (\(place))")
      let history = try train(trainer, on: divided.training, plan)
      if let sentence = history.ending { Console.line(sentence) }
      // What was learned is kept before anything else is done.
      try saving.save(model, to: out)
      let after = try Activity.run("measuring after") {
        try trainer.evaluate(measuring, batchSize: plan.batching.size)
      }
      Console.line("after: \(after) (\(place))")
      Console.line("saved: \(out)")
      return trainer.programCount
    }
  }

  private func train(_ trainer: Trainer, on data: Dataset, _ plan: TrainingPlan) throws -> TrainingHistory {
    defer { StatusLine.erase() }
    do {
      return try trainer.fit(data, plan) { event in
        switch event {
        case .note(let note): Console.note(note)
        case .features(let share): StatusLine.show("computing the features", share: share)
        case .step(let progress): StatusLine.show(progress)
        case .epoch(let epoch): Console.line("\(epoch)")
        }
      }
    } catch let error as TrainingError where error.kind == .interrupted {
      Console.failure("\(error)")
      let checkpoint = plan.checkpoint ?? plan.resume ?? plan.interruptionCheckpoint ?? ""
      Console.remark("to go on: \(ShellWords.resuming(CommandLine.arguments, from: checkpoint))")
      throw ExitCode(Interruption.exitCode ?? 1)
    }
  }
}
