import ArgumentParser
import Thaw

/// `thaw draw`.
struct Draw: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "draw",
    abstract: "Draws a model: operators, shapes, the roles of parameters, and where gradients go.",
    discussion: """
      The name of the drawing says its kind: .svg, .png, .dot (the text that Graphviz lays out), or .html, a page for a \
      browser with everything in it: the drawing to move and to search, attributes and the statistics of weights. All \
      but .dot need Graphviz's program dot.

      Blocks that repeat are drawn once, with their number. What takes part in a backward pass has unbroken lines; roles \
      are those of the file, or what --freeze, --train-only and --last make of them. The model itself is not changed.

      Examples: thaw draw model.onnx -o model.html
                thaw draw model.onnx --last 1 -o model.svg
      """)

  @Argument(help: "The model, an .onnx file.") var model: String
  @OptionGroup(title: "Opening") var opening: OpeningOptions
  @OptionGroup(title: "Model") var layers: LayerOptions
  @Flag(inversion: .prefixedNo, help: "Whether blocks that repeat are drawn once.") var fold = true
  @Option(help: "What the drawing is called (default: the file's name).") var title: String?
  @Option(name: [.customShort("o"), .long], help: "Where to save the drawing: .svg, .png, .dot or .html.")
  var out: String

  /// From how many boxes on a layout takes so long that a user should know.
  private static let manyBoxes = 1500

  func validate() throws {
    guard DrawingFormat(path: out) != nil else { throw ValidationError("\(DrawingError.ending(of: out))") }
  }

  func run() throws {
    try TensorFile.checkWritable(out)
    let prepared = try layers.prepared(opening.open(model), seed: 0)
    let name = model.split(separator: "/").last.map(String.init) ?? model
    let drawing = Activity.run("folding what repeats") {
      ModelDrawing(prepared, title: title ?? name, isUnfolded: !fold)
    }
    let boxes = drawing.size.boxes
    if boxes > Self.manyBoxes, DrawingFormat(path: out) != .dot {
      Console.remark("\(boxes) boxes to lay out, which may take minutes; `thaw extract` takes a part of a model")
    }
    Interruption.watch()
    var patience = Graphviz.Patience()
    if let seconds = opening.maxSeconds { patience.seconds = seconds }
    patience.isInterrupted = { Interruption.exitCode != nil }
    do {
      try Activity.run("drawing") { try drawing.write(to: out, patience) }
    } catch let error as DrawingError {
      guard let code = Interruption.exitCode else { throw error }
      Console.failure("\(error)")
      throw ExitCode(code)
    }
    Console.line("drawn: \(drawing.extent)")
    Console.line("saved: \(out)")
  }
}
