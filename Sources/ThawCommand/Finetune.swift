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
  @Option(help: "The data to train on, a .npz file.") var data: String
  @Option(help: "Held-out data to measure on, before and after; the training data when left out.") var test: String?
  @Option(help: "What to make small.") var loss = LossName.crossEntropy
  @Option(help: "How parameters follow their gradients.") var optimizer = OptimizerName.sgd
  @Option(name: .customLong("lr"), help: "The learning rate (default: 0.01; adam and adamw: 0.001).")
  var learningRate: Double?
  @Option(help: "How much of the last step goes into the next, from 0 to below 1 (default: sgd 0.9, rmsprop 0).")
  var momentum: Double?
  @Flag(help: "Looks ahead along the momentum (sgd).") var nesterov = false
  @Option(help: "How strongly parameters are drawn to 0 (default: 0; adamw: 0.01).") var weightDecay: Double?
  @Option(help: "How many times to go through the data.") var epochs = 5
  @Option(help: "The samples of a step (default: 32, or what the model is written for).") var batch: Int?
  @Option(help: "Freezes parameters; names or names of nodes, * and ? stand for what varies.") var freeze: [String] = []
  @Option(help: "Freezes all parameters but these.") var trainOnly: [String] = []
  @Option(help: "Gives the last layer a new start, for this number of classes.") var resetHead: Int?
  @Option(help: "Whose statistics BatchNormalization uses: the file's, or each batch's.")
  var batchNorm = BatchNormArgument.frozen
  @Flag(help: "Takes the samples in the order of the data.") var noShuffle = false
  @Option(help: "For the order of the samples and for new weights.") var seed: UInt64 = 0
  @Option(name: .shortAndLong, help: "Where to save the trained model.") var output: String

  func validate() throws {
    try validateOptimizer()
    guard epochs >= 0 else { throw ValidationError("--epochs should be at least 0 and is \(epochs)") }
    guard batch ?? 1 >= 1 else { throw ValidationError("--batch should be at least 1 and is \(batch ?? 1)") }
    guard resetHead ?? 1 >= 1 else {
      throw ValidationError("--reset-head should be at least 1 and is \(resetHead ?? 1)")
    }
  }

  private func validateOptimizer() throws {
    for (name, value) in [("--lr", learningRate), ("--weight-decay", weightDecay)] {
      guard let value else { continue }
      guard value.isFinite, value >= 0 else {
        throw ValidationError("\(name) should be a number of at least 0 and is \(value)")
      }
    }
    if let momentum {
      guard momentum >= 0, momentum < 1 else {
        throw ValidationError("--momentum should be at least 0 and below 1 and is \(momentum)")
      }
      guard optimizer.momentum != nil else {
        throw ValidationError("--momentum is for the optimizers sgd and rmsprop, not for \(optimizer.rawValue)")
      }
    }
    guard !nesterov || optimizer == .sgd else {
      throw ValidationError("--nesterov is for the optimizer sgd, not for \(optimizer.rawValue)")
    }
    guard !nesterov || momentum != 0 else { throw ValidationError("--nesterov needs a --momentum above 0") }
  }

  func run() throws {
    // Whatever can go wrong should do so before the first step, the saving too.
    try TensorFile.checkWritable(output)
    let trainer = try self.trainer(Model(contentsOf: model))
    let batchSize = trainer.model.batchSize(given: batch)
    let training = try Dataset(contentsOf: data)
    let measuring = try test.map { try Dataset(contentsOf: $0) } ?? training

    Console.line("\(ParameterReport(trainer.model.parameters))")
    for note in trainer.evaluator.output.notes { Console.line("note: \(note)") }
    if !trainer.unreached.isEmpty {
      Console.line("note: no gradient reaches, so these stay as they are: \(trainer.unreached.map(\.name).shortened())")
    }
    let place = "\(test == nil ? "training" : "held-out") data, \(measuring.source)"
    Console.line("before: \(try trainer.evaluate(measuring, batchSize: batchSize)) (\(place))")
    let bar = ProgressBar()
    try trainer.fit(
      training, epochs: epochs,
      batching: Batching(size: batchSize, order: noShuffle ? .asGiven : .shuffled(seed: seed)), progress: bar.show
    ) { epoch in
      bar.clear()
      Console.line("\(epoch)")
    }
    Console.line("after: \(try trainer.evaluate(measuring, batchSize: batchSize)) (\(place))")
    try trainer.model.save(to: output)
    Console.line("saved: \(output)")
  }

  /// The trainer of a model whose roles are as the options say.
  func trainer(_ opened: Model) throws -> Trainer {
    let model = try resetHead.map { try opened.resettingHead(classes: $0, seed: seed) } ?? opened
    if !trainOnly.isEmpty { try model.trainOnly(trainOnly) }
    for pattern in freeze { try model.freeze(pattern) }
    return try Trainer(model, loss: loss.loss, optimizer: optimizerChoice, batchNormalization: batchNorm.mode)
  }

  private var optimizerChoice: OptimizerChoice {
    let learningRate = learningRate ?? optimizer.learningRate
    let momentum = momentum ?? optimizer.momentum ?? 0
    let weightDecay = weightDecay ?? optimizer.weightDecay
    return switch optimizer {
    case .sgd: .sgd(learningRate, momentum: momentum, weightDecay: weightDecay, nesterov: nesterov)
    case .adam: .adam(learningRate, weightDecay: weightDecay)
    case .adamw: .adamW(learningRate, weightDecay: weightDecay)
    case .rmsprop: .rmsProp(learningRate, weightDecay: weightDecay, momentum: momentum)
    case .adagrad: .adagrad(learningRate, weightDecay: weightDecay)
    }
  }
}
