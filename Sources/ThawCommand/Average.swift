import ArgumentParser
import Thaw

/// `thaw average`.
struct Average: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "average",
    abstract: "Averages the weights of models of one structure, as in a federated round.",
    discussion: """
      Sums are in double precision; a tensor that is the same in all models stays as it is, byte by byte.

      Example: thaw average a.onnx b.onnx --weights 2,1 -o mean.onnx
      """)

  @Argument(help: "The models, .onnx files; the result is the first with other numbers.", completion: .model)
  var models: [String]
  @OptionGroup(title: "Opening") var opening: OpeningOptions
  @Option(help: "How much each model counts, such as its number of samples: 2,1,1 (default: all the same).")
  var weights: NumberList?
  @Option(name: [.customShort("o"), .long], help: "Where to save the mean.", completion: .file()) var out: String
  @OptionGroup var saving: SavingOptions

  func validate() throws {
    guard let weights, weights.numbers.count != models.count else { return }
    throw ValidationError("there are \(models.count) models and \(weights.numbers.count) weights")
  }

  func run() throws {
    try TensorFile.checkWritable(out)
    let opened = try models.map { try opening.open($0) }
    let mean = try Activity.run("averaging") { try Model.average(opened, weights: weights?.numbers) }
    try saving.save(mean, to: out)
    Console.line("saved: \(out)")
  }
}
