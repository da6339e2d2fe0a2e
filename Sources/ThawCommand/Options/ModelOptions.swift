import ArgumentParser
import Thaw

/// What of the model trains, and how it is changed before.
struct ModelOptions: ParsableArguments {
  @Option(help: "Freezes parameters; names or names of nodes, * and ? stand for what varies.") var freeze: [String] = []
  @Option(help: "Freezes all parameters but these.") var trainOnly: [String] = []
  @Option(help: "Gives the last layer a new start, for this number of classes.") var resetHead: Int?
  @Option(help: "Whose statistics BatchNormalization uses: the file's, or each batch's.")
  var batchNorm = BatchNormArgument.frozen
  @Option(help: "Whether Dropout draws while the model is trained.") var dropout = DropoutArgument.on

  func validate() throws {
    guard resetHead ?? 1 >= 1 else {
      throw ValidationError("--reset-head should be at least 1 and is \(resetHead ?? 1)")
    }
  }

  /// The model with its roles and its head as the options say.
  ///
  /// - Parameter seed: for new weights.
  func prepared(_ opened: Model, seed: UInt64) throws -> Model {
    let model = try resetHead.map { try opened.resettingHead(classes: $0, seed: seed) } ?? opened
    if !trainOnly.isEmpty { try model.trainOnly(trainOnly) }
    for pattern in freeze { try model.freeze(pattern) }
    return model
  }
}
