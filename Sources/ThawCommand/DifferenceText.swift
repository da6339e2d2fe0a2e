import Foundation
import Thaw

/// What differs between two models, in lines.
struct DifferenceText {
  private let difference: ModelDifference

  init(_ difference: ModelDifference) { self.difference = difference }

  var text: String {
    var lines: [String] = []
    for (kind, changes) in [
      ("file", difference.file), ("opset", difference.opsets), ("metadata", difference.metadata),
      ("input", difference.inputs), ("output", difference.outputs),
    ] {
      lines += changes.map { "\(kind.padded(to: 10))  \(Self.line($0))" }
    }
    lines += difference.nodes.map {
      "node        \($0.to == nil ? "only in the first" : "only in the second"): \($0.name)"
    }
    lines += difference.changedNodes.map { "node        \(Self.line($0))" }
    lines += difference.tensors.map { change in
      "tensor      \(change.to == nil ? "only in the first" : "only in the second"): \(change.name)  "
        + (change.from ?? change.to ?? "")
    }
    lines += tensorTable
    lines += difference.roles.map { "role        \(Self.line($0))" }
    lines += difference.renamedTensors.map { "name        \(Self.line($0)) (no difference)" }
    lines.append(summary)
    return lines.joined(separator: "\n")
  }

  private var tensorTable: [String] {
    let tensors = difference.changedTensors
    guard !tensors.isEmpty else { return [] }
    var rows = [["tensor", "type", "changed", "max", "L2", "relative"]]
    rows += tensors.map { tensor in
      [
        tensor.name == tensor.nameInSecond ? tensor.name : "\(tensor.name) → \(tensor.nameInSecond)",
        tensor.type == tensor.typeInSecond ? tensor.type : "\(tensor.type) → \(tensor.typeInSecond)",
        tensor.changed.flatMap { changed in tensor.count.map { "\(changed)/\($0)" } } ?? "-",
        Self.number(tensor.maximum), Self.number(tensor.l2), Self.number(tensor.relative),
      ]
    }
    let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      var line = zip(row, widths).map { $0.padded(to: $1) }.joined(separator: "  ")
      while line.last == " " { line.removeLast() }
      return line
    }
  }

  private var summary: String {
    let matched = "\(difference.matchedNodes) nodes and \(difference.matchedTensors) tensors matched"
    guard difference.isDifferent else { return "the models are the same; \(matched)" }
    return "the models differ; \(matched), \(difference.changedTensors.count) tensors changed"
  }

  private static func line(_ change: ModelDifference.Change) -> String {
    "\(change.name): \(change.from ?? "none") → \(change.to ?? "none")"
  }

  private static func number(_ number: Double?) -> String { number.map { String(format: "%.3g", $0) } ?? "-" }
}
