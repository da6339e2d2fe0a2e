import ArgumentParser
import Thaw

/// `thaw merge`.
struct Merge: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "merge",
    abstract: "Joins two models: outputs of the first become inputs of the second.",
    discussion: """
      Without --connect, ports of equal names are connected, or the only output to the only input. Names of the second \
      that clash get the prefix; the older opset of the two is upgraded.

      Example: thaw merge body.onnx head.onnx --connect features=x -o whole.onnx
      """)

  @Argument(help: "The first model, an .onnx file.", completion: .model) var first: String
  @Argument(help: "The second model.", completion: .model) var second: String
  @OptionGroup(title: "Opening") var opening: OpeningOptions
  @Option(help: "OUTPUT=INPUT: an output of the first and the input of the second that takes it; repeatable.")
  var connect: [String] = []
  @Option(help: "What names of the second that clash begin with.") var prefix = "second/"
  @Option(name: [.customShort("o"), .long], help: "Where to save the model.", completion: .file()) var out: String
  @OptionGroup var saving: SavingOptions

  func validate() throws {
    for text in connect where Self.parts(text) == nil { throw ValidationError("'\(text)' should be OUTPUT=INPUT") }
    guard !prefix.isEmpty else { throw ValidationError("--prefix should not be empty") }
  }

  func run() throws {
    try TensorFile.checkWritable(out)
    let connections = connect.compactMap(Self.parts)
    let merged = try opening.open(first).merged(
      with: opening.open(second), connecting: connections.isEmpty ? nil : connections, prefix: prefix)
    try saving.save(merged, to: out)
    Console.line("saved: \(out)")
  }

  private static func parts(_ text: String) -> (output: String, input: String)? {
    guard let separator = text.lastIndex(of: "="), separator > text.startIndex,
      text.index(after: separator) < text.endIndex
    else { return nil }
    return (String(text[..<separator]), String(text[text.index(after: separator)...]))
  }
}
