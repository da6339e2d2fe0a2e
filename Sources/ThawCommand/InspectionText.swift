import Foundation
import Thaw
import ThawTraining

/// What a model holds and needs, as people read it: the whole first, then the parameters, nodes and values.
struct InspectionText {
  private let inspection: Inspection
  private var description: ModelDescription { inspection.description }
  /// Where what stands behind a label begins.
  private static let indent = 12

  init(_ inspection: Inspection) { self.inspection = inspection }

  /// - Parameters:
  ///   - width: the most characters of a line, where that is bounded.
  ///   - stream: where it goes, for the colours.
  func text(width: Int?, on stream: Console.Stream) -> String {
    var lines = (file + ports + roles + costs + memory).flatMap { label, text in
      Self.wrapped(text, width: width).enumerated().map { index, line in
        let title = index == 0 ? label.padded(to: Self.indent) : String(repeating: " ", count: Self.indent)
        return (Self.paint(ofRole: label) ?? .bold)(title, on: stream) + line
      }
    }
    let tables = [parameters(width: width, on: stream), nodes(width: width), values(width: width)]
    for table in tables.compactMap({ $0 }) { lines += table }
    return lines.joined(separator: "\n")
  }

  // The whole.

  private typealias Entry = (label: String, text: String)

  private var file: [Entry] {
    let opsets = description.opsets.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
    var entries: [Entry] = [
      ("format", "ONNX, IR version \(description.irVersion), opset \(opsets.joined(separator: ", "))"),
      ("producer", description.producer.isEmpty ? "not named" : description.producer),
    ]
    if let graph = description.graph { entries.append(("graph", graph)) }
    let maker = [description.domain, description.modelVersion.flatMap { $0 == 0 ? nil : "version \($0)" }]
    if case let parts = maker.compactMap({ $0 }), !parts.isEmpty {
      entries.append(("model", parts.joined(separator: ", ")))
    }
    if let text = description.documentation { entries.append(("about", Self.shortened(text))) }
    // The roles, which Thaw keeps there, are told in words.
    let others = description.metadata.filter { !$0.key.hasPrefix("thaw.") }
    entries += others.sorted { $0.key < $1.key }.map { key, value in
      ("metadata", "\(key) = \(Self.shortened(value))")
    }
    return entries
  }

  private var ports: [Entry] {
    description.inputs.map { ("input", "\($0.name): \($0.type)") }
      + description.outputs.map { ("output", "\($0.name): \($0.type)") }
      + [("operators", description.operators.map { "\($0.count)\(Self.bond)\($0.name)" }.joined(separator: ", "))]
      + description.missingOperators.map { missing in
        (
          "missing",
          "\(missing.name) (\(missing.domain) opset \(missing.opset), node '\(missing.node)')"
            + (missing.reason.map { ": \($0)" } ?? "")
        )
      }
  }

  private var roles: [Entry] {
    [("roles", description.roles)]
      + description.roleTotals.map { total in
        (
          total.role,
          "\(Self.count(total.tensors, "tensor")), \(Self.count(total.numbers, "number")), \(Self.bytes(total.bytes))"
        )
      }
  }

  private var costs: [Entry] {
    guard let work = description.work else { return [] }
    let inputs = work.inputs.map { "\($0.name): \($0.type)" }.joined(separator: ", ")
    let unknown = work.unknownCount == 0 ? "" : ", without \(Self.count(work.unknownCount, "node")) of unknown size"
    return [("work", "\(Self.operations(work.multiplyAdds))\(unknown), for \(inputs)")]
  }

  private var memory: [Entry] {
    guard let memory = inspection.memory else { return [] }
    func activations(_ part: MemoryReport.Activations?) -> String {
      guard let part else { return "activations of unknown size" }
      return part.isPlanned
        ? "activations \(Self.bound(part.bytes)) (planned)"
        : "activations about \(Self.bound(part.bytes)) (estimated: \(part.reason ?? "there is no plan"))"
    }
    func total(_ bytes: Int?) -> String { bytes.map { "about \(Self.bound($0)): " } ?? "" }
    let common = "weights \(Self.bound(memory.weights)), inputs \(Self.bound(memory.inputBytes)), "
    var entries: [Entry] = [
      ("inference", total(memory.inference.total) + common + activations(memory.inference.activations))
    ]
    if let training = memory.training {
      let states = training.optimizerStates.map { "\($0.optimizer) \(Self.bound($0.bytes))" }.joined(separator: ", ")
      entries.append(
        (
          "training",
          total(training.total) + common + activations(training.activations)
            + ", gradients \(Self.bound(training.gradients)); optimizer state: \(states)"
        ))
    }
    return entries
  }

  // The parts.

  private func parameters(width: Int?, on stream: Console.Stream) -> [String]? {
    guard !description.parameters.isEmpty else { return nil }
    var table = TextTable([
      .left("parameter", mayShrink: true), .left("type", mayShrink: true), .left("role"), .right("bytes"),
      .right("min"), .right("max"), .right("mean"), .right("std"), .right("zeros"), .right("not finite"),
    ])
    for parameter in description.parameters {
      let statistics = parameter.statistics
      let numbers = [statistics?.min, statistics?.max, statistics?.mean, statistics?.std].map { number in
        statistics == nil ? "" : number.map { String(format: "%.3g", $0) } ?? "-"
      }
      table.add(
        [parameter.name, parameter.type, parameter.role, Self.bytes(parameter.bytes)] + numbers + [
          statistics.map { "\($0.zeroCount)" } ?? "",
          statistics.map { $0.nonFiniteCount == 0 ? "" : "\($0.nonFiniteCount)" } ?? "",
        ])
    }
    let lines = table.text(width: width ?? .max).split(separator: "\n").map(String.init)
    return [""]
      + lines.enumerated().map { index, line in
        let role = index == 0 ? nil : description.parameters[index - 1].role
        return (role.map { Self.paint(ofRole: $0) } ?? .bold)?(line, on: stream) ?? line
      }
  }

  private func nodes(width: Int?) -> [String]? {
    guard let work = description.work, let nodes = work.nodes else { return nil }
    var table = TextTable([
      .left("node", mayShrink: true), .left("operator"), .left("gives", mayShrink: true), .right("multiply-adds"),
      .right("share"),
    ])
    for node in nodes {
      let share = Double(node.multiplyAdds ?? 0) / Double(max(work.multiplyAdds, 1))
      table.add([
        node.name, node.operation, node.outputs.joined(separator: ", "),
        node.multiplyAdds.map { $0 == 0 ? "" : Double($0).text(unit: "").trimmed } ?? "unknown",
        node.multiplyAdds ?? 0 == 0 ? "" : "\((100 * share).short) %",
      ])
    }
    return [""] + table.text(width: width ?? .max).split(separator: "\n").map(String.init)
  }

  private func values(width: Int?) -> [String]? {
    guard let values = description.values else { return nil }
    var table = TextTable([.left("value", mayShrink: true), .left("type", mayShrink: true), .left("from")])
    for value in values { table.add([value.name, value.type, value.operation ?? value.origin]) }
    return [""] + table.text(width: width ?? .max).split(separator: "\n").map(String.init)
  }

  // Words.

  private static func paint(ofRole role: String) -> Paint? {
    switch role {
    case "trainable": .green
    case "frozen": .blue
    case "buffer", "constant": .dim
    default: nil
    }
  }

  private static func bytes(_ count: Int) -> String { Double(count).text(unit: "B") }
  private static func bound(_ bytes: Int) -> String { Self.bytes(bytes).replacingOccurrences(of: " ", with: bond) }
  private static func count(_ number: Int, _ thing: String) -> String { "\(number) \(thing)\(number == 1 ? "" : "s")" }

  private static func operations(_ count: Int) -> String {
    count < 1000 ? "\(Self.count(count, "multiply-add"))" : "\(Double(count).text(unit: "").trimmed) multiply-adds"
  }

  /// A text's beginning, in one line.
  private static func shortened(_ text: String) -> String {
    let line = text.split(whereSeparator: \.isNewline).joined(separator: " ")
    return line.count > 120 ? line.prefix(119) + "…" : line
  }

  /// A space at which no line ends; it becomes one like others.
  private static let bond = "\u{A0}"

  /// The text in lines of words that fit beside a label. A word that fits into no line is cut.
  private static func wrapped(_ text: String, width: Int?) -> [String] {
    let room = width.map { max(20, $0 - indent) } ?? .max
    var lines = [""]
    for var word in text.split(separator: " ", omittingEmptySubsequences: false).map(String.init) {
      let last = lines[lines.count - 1]
      if !last.isEmpty, last.count + 1 + word.count <= room {
        lines[lines.count - 1] = "\(last) \(word)"
        continue
      }
      if !last.isEmpty { lines.append("") }
      while word.count > room {
        lines[lines.count - 1] = String(word.prefix(room))
        lines.append("")
        word.removeFirst(room)
      }
      lines[lines.count - 1] = word
    }
    return lines.map { $0.replacingOccurrences(of: bond, with: " ") }
  }
}

extension String {
  /// The text without space at its ends.
  fileprivate var trimmed: String { trimmingCharacters(in: .whitespaces) }
}
