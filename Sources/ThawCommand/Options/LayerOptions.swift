import ArgumentParser
import Thaw

/// What of the model trains.
struct LayerOptions: ParsableArguments {
  @Option(help: "Freezes parameters; names or names of nodes, * and ? stand for what varies.") var freeze: [String] = []
  @Option(help: "Freezes all parameters but these.") var trainOnly: [String] = []
  @Option(help: "Freezes all but the last operators with weights, this many, and what only feeds what follows them.")
  var last: Int?
  @Option(help: "Gives the last layer a new start, for this number of classes.") var resetHead: Int?
  @Option(help: "The output to train, where the model has several.") var output: String?

  func validate() throws {
    for (name, count) in [("--reset-head", resetHead), ("--last", last)] {
      guard count ?? 1 >= 1 else { throw ValidationError("\(name) should be at least 1 and is \(count ?? 1)") }
    }
    guard last == nil || trainOnly.isEmpty else {
      throw ValidationError("--last and --train-only both say what trains: give one of them")
    }
  }

  /// The model with its roles and its head as the options say.
  ///
  /// - Parameter seed: for new weights.
  func prepared(_ opened: Model, seed: UInt64) throws -> Model {
    let model = try resetHead.map { try opened.resettingHead(classes: $0, output: output, seed: seed) } ?? opened
    if !trainOnly.isEmpty { try model.trainOnly(trainOnly) }
    if let last { try model.trainLast(last, output: output) }
    for pattern in freeze { try model.freeze(pattern) }
    return model
  }
}
