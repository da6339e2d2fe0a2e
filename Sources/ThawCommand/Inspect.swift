import ArgumentParser
import Foundation
import Thaw

/// `thaw inspect`.
struct Inspect: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect",
    abstract: "Shows what a model holds and what it needs: operators, roles of parameters, costs, memory.",
    discussion: """
      Multiply-adds are counted for convolutions, matrix products, Einsum, recurrent layers and attention, from inferred \
      shapes; bodies of If, Loop and Scan count once. --memory compiles the model: what it says of activations is the \
      compiler's plan, or an estimate where there can be none. --json prints what is shown and more; the article "What \
      thaw inspect prints" in the documentation tells its fields.

      Examples: thaw inspect model.onnx
                thaw inspect model.onnx --memory --batch 32 --size sequence=128
                thaw inspect model.onnx --stats --json
      """)

  @Argument(help: "The model, an .onnx file.", completion: .model) var model: String
  @OptionGroup(title: "Opening") var opening: OpeningOptions
  @Flag(help: "Shows the type of every value, inferred.") var shapes = false
  @Flag(help: "Shows what each node costs, in multiply-adds.") var nodes = false
  @Flag(help: "Shows what the numbers of each parameter are like.") var stats = false
  @Flag(help: "Shows the memory for inference and for training.") var memory = false
  @Option(help: "The samples of a batch, for costs and memory (default: what the file declares, or 1).") var batch: Int?
  @Option(help: "The size of an axis that the file leaves open, by its name there; repeatable.") var size: [NamedSize] =
    []
  @Flag(help: "Prints JSON.") var json = false

  func validate() throws {
    if let batch, batch < 1 { throw ValidationError("--batch should be at least 1 and is \(batch)") }
  }

  func run() throws {
    let model = try opening.open(model)
    let (inspection, remarks) = try Activity.run("inspecting") { try self.inspection(of: model) }
    Console.line(
      json
        ? try Self.json(inspection)
        : InspectionText(inspection).text(width: Console.Stream.output.width, on: .output))
    for remark in remarks { Console.remark(remark) }
  }

  /// What was asked for, and why some of it is not there.
  private func inspection(of model: Model) throws -> (Inspection, remarks: [String]) {
    let sizes = Dictionary(size.map { ($0.name, $0.size) }) { $1 }
    var description = model.summary
    if shapes { description.values = model.inferredTypes().described }
    if stats { try description.addStatistics(of: model) }
    var remarks: [String] = []
    do {
      description.work = try model.work(batch: batch, sizes: sizes)
      if !nodes { description.work?.nodes = nil }
    } catch let error as ModelError where error.kind == .type {
      remarks.append("what the model costs is not known: \(error)")
    }
    let report = description.work == nil || !memory ? nil : try MemoryReport(model, batch: batch, sizes: sizes)
    return (Inspection(description, memory: report), remarks)
  }

  static func json(_ summary: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(summary), as: UTF8.self)
  }
}
