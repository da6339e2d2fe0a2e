import Foundation
import ThawONNX
import ThawTensor

/// A drawing of a model: its operators, the roles of its parameters, and what takes part in a backward pass.
///
/// Parameters are coloured by their roles. Boxes and arrows on the way of gradients are warm, those off it cold and
/// broken. Blocks that repeat are drawn once, with their number; arrows carry shapes.
public struct ModelDrawing: Sendable {
  let model: Model
  let title: String
  let graph: DrawnGraph

  /// Draws a model.
  ///
  /// - Parameters:
  ///   - title: what the drawing is called; the graph's own name when left out.
  ///   - isUnfolded: whether blocks that repeat are drawn as often as they are there.
  public init(_ model: Model, title: String? = nil, isUnfolded: Bool = false) {
    self.model = model
    self.title = title ?? model.graph.name
    graph = DrawnGraph(model, isUnfolded: isUnfolded)
  }

  /// How much is drawn: "1251 nodes in 100 boxes"; nodes in bodies do not count, boxes of inputs and outputs do.
  public var extent: String {
    let nodeCount = graph.operations.reduce(0) { $0 + $1.members.count }
    return "\(Self.counted(nodeCount, "node")) in \(Self.counted(size.boxes, "box", "boxes"))"
  }

  /// How many boxes and arrows there are: laying many thousands out takes minutes.
  public var size: (boxes: Int, arrows: Int) {
    (graph.operations.count + graph.terminals.count, graph.arrows.count)
  }

  /// The drawing in Graphviz's DOT language; equal models give equal texts.
  public var dot: String { ModelDOT(graph, legend: legend).text }

  /// Writes the drawing as the kind of file that the name ends in.
  ///
  /// - Parameter patience: how long `dot` may take.
  /// - Throws: `DrawingError` when the name ends in no kind of file, or `dot` is missing or fails; `FileError` when the
  ///   file cannot be written, or a weight not read.
  public func write(to path: String, _ patience: Graphviz.Patience = Graphviz.Patience()) throws {
    guard DrawingFormat(path: path) == .html else { return try DrawingFormat.write(dot, to: path, patience) }
    try DrawingFormat.write(Data(page(patience).utf8), to: path)
  }

  /// The roles that parameters have, each with how many have it.
  var roles: [(role: Role, text: String)] {
    Role.allCases.compactMap { role in
      let members = model.parameters.with(role)
      guard !members.isEmpty else { return nil }
      let numbers = Self.short(members.reduce(0) { $0 + $1.count })
      return (role, "\(Self.counted(members.count, "tensor")), \(numbers)")
    }
  }

  /// Whether a block is drawn once for several.
  var isFolded: Bool {
    graph.items.contains { if case .block = $0 { true } else { false } }
  }

  /// "1 node", "2 nodes".
  static func counted(_ count: Int, _ one: String, _ many: String? = nil) -> String {
    count == 1 ? "1 \(one)" : "\(count) \(many ?? one + "s")"
  }

  private var legend: String {
    let parts: [(DrawingMark, String, String)] = [
      (.backward, "operator", "in the backward pass"), (.still, "operator", "no gradient"),
    ]
    return DOTText.legend(
      title: title.shortened(to: 80), roles.map { ($0.role.mark, $0.role.rawValue, $0.text) } + parts)
  }

  /// A number in three digits: "11.7 M".
  static func short(_ count: Int) -> String {
    for (unit, size) in [("G", 1e9), ("M", 1e6), ("k", 1e3)] where Double(count) >= size {
      let number = Double(count) / size
      return String(format: number < 10 ? "%.2f %@" : number < 100 ? "%.1f %@" : "%.0f %@", number, unit)
    }
    return "\(count)"
  }
}

extension Role {
  var mark: DrawingMark {
    switch self {
    case .trainable: .trainable
    case .frozen: .frozen
    case .buffer: .buffer
    case .constant: .constant
    }
  }

  /// What is said of a tensor in a drawing; empty for one that only is what it is.
  var word: String {
    switch self {
    case .trainable: "trains"
    case .frozen: "frozen"
    case .buffer: "buffer"
    case .constant: ""
    }
  }
}
