import ArgumentParser
import Foundation
import Thaw

/// `thaw inspect`.
struct Inspect: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect",
    abstract: "Shows what a model holds: inputs, outputs, operators, and the role of each parameter.")

  @Argument(help: "The model, an .onnx file.") var model: String
  @OptionGroup(title: "Opening") var opening: OpeningOptions
  @Flag(help: "Shows the type of every value, inferred.") var shapes = false
  @Flag(help: "Prints JSON.") var json = false

  func run() throws {
    let model = try opening.open(model)
    var summary = model.summary
    if shapes { summary.values = model.inferredTypes().described }
    Console.line(json ? try Self.json(summary) : Self.text(summary))
  }

  static func json(_ summary: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(summary), as: UTF8.self)
  }

  static func text(_ summary: ModelDescription) -> String {
    let opsets = summary.opsets.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
    var lines = [
      "format      ONNX, IR version \(summary.irVersion), opset \(opsets.joined(separator: ", "))",
      "producer    \(summary.producer.isEmpty ? "not named" : summary.producer)",
    ]
    lines += summary.inputs.map { "input       \($0.name): \($0.type)" }
    lines += summary.outputs.map { "output      \($0.name): \($0.type)" }
    lines.append("operators   " + summary.operators.map { "\($0.count) \($0.name)" }.joined(separator: ", "))
    lines += summary.missingOperators.map { missing in
      "missing     \(missing.name) (\(missing.domain) opset \(missing.opset), node '\(missing.node)')"
        + (missing.reason.map { ": \($0)" } ?? "")
    }
    lines.append("roles       \(summary.roles)")
    let nameWidth = summary.parameters.map(\.name.count).max() ?? 0
    let typeWidth = summary.parameters.map(\.type.count).max() ?? 0
    lines += summary.parameters.map { parameter in
      "parameter   \(parameter.name.padded(to: nameWidth))  \(parameter.type.padded(to: typeWidth))  \(parameter.role)"
    }
    let values = summary.values ?? []
    let valueWidth = values.map(\.name.count).max() ?? 0
    lines += values.map { value in
      "value       \(value.name.padded(to: valueWidth))  \(value.type)" + (value.operation.map { "  \($0)" } ?? "")
    }
    return lines.joined(separator: "\n")
  }
}
