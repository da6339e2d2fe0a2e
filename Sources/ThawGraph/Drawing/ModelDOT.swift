import ThawONNX
import ThawTensor

/// The text of a model's drawing.
struct ModelDOT {
  private(set) var text: String

  private static let longestName = 32
  /// From how many boxes on `dot` is told to take less care.
  private static let manyBoxes = 400

  /// - Parameter legend: markup above the drawing; nil for a page, which has one of its own and tells of names too.
  init(_ graph: DrawnGraph, legend: String?) {
    let isLarge = graph.operations.count > Self.manyBoxes
    var text = DOTText(
      graph: [
        "fontname": "Helvetica", "fontsize": "11", "fontcolor": .text(DrawingColours.ink), "labelloc": "t",
        "label": legend.map(DOTText.Value.markup) ?? "", "nodesep": "0.3", "ranksep": "0.22", "pad": "0.2",
        "nslimit": isLarge ? "1" : "20", "mclimit": isLarge ? "0.2" : "1", "splines": isLarge ? "polyline" : "true",
      ],
      nodes: [
        "shape": "box", "style": "rounded,filled", "fontname": "Helvetica", "fontsize": "11", "height": "0.3",
        "width": "0.6", "margin": "0.08,0.04", "fontcolor": .text(DrawingColours.ink),
      ],
      edges: [
        "fontname": "Helvetica", "fontsize": "9", "arrowsize": "0.6", "fontcolor": .text(DrawingColours.faintInk),
      ])
    for terminal in graph.terminals where terminal.isInput { Self.add(terminal, to: &text) }
    var blockCount = 0
    Self.add(graph.items, to: &text, &blockCount, showsNames: legend != nil)
    for terminal in graph.terminals where !terminal.isInput { Self.add(terminal, to: &text) }
    for arrow in graph.arrows { Self.add(arrow, to: &text) }
    self.text = text.text
  }

  private static func add(_ items: [DrawnGraph.Item], to text: inout DOTText, _ blockCount: inout Int, showsNames: Bool)
  {
    for item in items {
      switch item {
      case .operation(let operation): add(operation, to: &text, showsNames)
      case .block(let count, let items):
        text.open(
          cluster: "block\(blockCount)",
          [
            "label": .text("× \(count)"), "labeljust": "r", "fontsize": "15", "style": "rounded,filled",
            "fillcolor": .text(DrawingColours.block), "color": .text(DrawingColours.blockLine), "class": "block",
            "id": .text("block\(blockCount)"), "margin": "10",
          ])
        blockCount += 1
        add(items, to: &text, &blockCount, showsNames: showsNames)
        text.close()
      }
    }
  }

  private static func add(_ operation: DrawnGraph.Operation, to text: inout DOTText, _ showsNames: Bool) {
    let mark = operation.isInBackward ? DrawingMark.backward : .still
    text.node(
      operation.id,
      [
        "label": .markup(label(of: operation)), "id": .text(operation.id),
        "tooltip": .text(showsNames ? name(of: operation.members.map(\.name)) : ""),
        "class": .text(operation.isInBackward ? "operation backward" : "operation still"),
        "fillcolor": .text(mark.fill),
        "color": .text(mark.line), "penwidth": operation.isInBackward ? "1.3" : "0.8",
        "style": .text("rounded,filled,\(mark.stroke.rawValue)"),
      ])
  }

  private static func label(of operation: DrawnGraph.Operation) -> String {
    let name = "<B>\(DOTText.escaped(operation.opType.shortened(to: longestName)))</B>"
    let members = operation.members
    var weights: [(slots: [String], what: String, role: Role)] = []
    for (index, weight) in (members.first?.weights ?? []).enumerated() {
      let isSame = members.allSatisfy {
        $0.weights.indices.contains(index) && $0.weights[index].numbers == weight.numbers
      }
      let type = weight.type?.drawn ?? "?"
      let shared = weight.isShared && weight.numbers == nil ? ", shared" : ""
      let what = (isSame ? weight.numbers ?? type : type).shortened(to: longestName) + shared
      if let last = weights.last, last.what == what, last.role == weight.role {
        weights[weights.count - 1].slots.append(weight.slot)
      } else {
        weights.append(([weight.slot], what, weight.role))
      }
    }
    let rows =
      operation.notes.map { "<TR><TD>\(DOTText.escaped($0.shortened(to: longestName)))</TD></TR>" }
      + weights.map { slots, what, role in
        let text = [slots.joined(separator: ", "), what, role.word].filter { !$0.isEmpty }.joined(separator: "  ")
        return
          "<TR><TD ALIGN=\"LEFT\" \(role.mark.cell)><FONT POINT-SIZE=\"9\">\(DOTText.escaped(text))</FONT></TD></TR>"
      }
    guard !rows.isEmpty else { return name }
    return "<TABLE BORDER=\"0\" CELLBORDER=\"0\" CELLSPACING=\"2\" CELLPADDING=\"2\"><TR><TD>\(name)</TD></TR>"
      + rows.joined() + "</TABLE>"
  }

  private static func add(_ terminal: DrawnGraph.Terminal, to text: inout DOTText) {
    text.node(
      terminal.id,
      [
        "label": .text("\(name(of: terminal.names))\n\(terminal.type)"), "id": .text(terminal.id), "class": "terminal",
        "style": "rounded,filled", "fillcolor": .text(DrawingColours.port), "color": .text(DrawingColours.portLine),
      ])
  }

  /// The names of what is drawn at one place.
  private static func name(of names: [String]) -> String {
    let ends = [names.first, names.last].compactMap { $0?.shortened(to: longestName) }
    return names.count > 1 ? "\(ends.joined(separator: " … ")) (\(names.count))" : ends.first ?? ""
  }

  private static func add(_ arrow: DrawnGraph.Arrow, to text: inout DOTText) {
    let label = arrow.label.isEmpty ? "" : " \(arrow.label)"
    text.edge(
      from: arrow.source, to: arrow.target,
      [
        "label": .text(label), "class": arrow.isInBackward ? "backward" : "still",
        "color": .text(arrow.isInBackward ? DrawingColours.warmLine : DrawingColours.coldLine),
        "penwidth": arrow.isInBackward ? "1.5" : "0.9", "style": arrow.isInBackward ? "solid" : "dashed",
      ])
  }
}
