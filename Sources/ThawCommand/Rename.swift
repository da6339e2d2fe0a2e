import ArgumentParser
import Thaw

/// `thaw rename`.
struct Rename: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rename",
    abstract: "Gives values, initializers or nodes of a model other names.",
    discussion: """
      A rule is PATTERN=NEW. * and ? stand for what varies, and in NEW for what they stood for in PATTERN, in order.

      Example: thaw rename model.onnx --initializers 'features.*=body.*' -o renamed.onnx
      """)

  @Argument(help: "The model, an .onnx file.", completion: .model) var model: String
  @OptionGroup(title: "Opening") var opening: OpeningOptions
  @Option(help: "Renames values: inputs, outputs, weights, and what is between; repeatable.") var values: [String] = []
  @Option(help: "Renames initializers alone; repeatable.") var initializers: [String] = []
  @Option(help: "Renames nodes; repeatable.") var nodes: [String] = []
  @Option(
    name: [.customShort("o"), .long], help: "Where to save the model; may be the same file.", completion: .file())
  var out: String
  @OptionGroup var saving: SavingOptions

  func validate() throws {
    guard !(values + initializers + nodes).isEmpty else {
      throw ValidationError("give at least one rule, --values, --initializers or --nodes PATTERN=NEW")
    }
    for rule in values + initializers + nodes where Self.parts(rule) == nil {
      throw ValidationError("'\(rule)' should be PATTERN=NEW")
    }
  }

  func run() throws {
    try TensorFile.checkWritable(out)
    let lists: [(Renaming.Subject, [String])] = [(.values, values), (.initializers, initializers), (.nodes, nodes)]
    let rules = try lists.flatMap { subject, rules in
      try rules.compactMap { try Self.parts($0).map { try Renaming(subject, $0.pattern, to: $0.new) } }
    }
    try saving.save(opening.open(model).renamed(rules), to: out)
    Console.line("saved: \(out)")
  }

  private static func parts(_ rule: String) -> (pattern: String, new: String)? {
    guard let separator = rule.lastIndex(of: "="), separator > rule.startIndex else { return nil }
    let new = rule[rule.index(after: separator)...]
    return new.isEmpty ? nil : (String(rule[..<separator]), String(new))
  }
}
