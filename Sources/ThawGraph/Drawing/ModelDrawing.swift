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

  /// How many nodes the model has, those in bodies and functions' calls aside.
  public var nodeCount: Int { graph.operations.reduce(0) { $0 + $1.members.count } }

  /// How many boxes and arrows there are: laying many thousands out takes minutes.
  public var size: (boxes: Int, arrows: Int) {
    (graph.operations.count + graph.terminals.count, graph.arrows.count)
  }

  /// The drawing in Graphviz's DOT language; equal models give equal texts.
  public var dot: String { ModelDOT(graph, legend: legend).text }

  /// Writes the drawing as the kind of file that the name ends in.
  ///
  /// - Parameter seconds: how long `dot` may take.
  /// - Throws: `DrawingError` when the name ends in no kind of file, or `dot` is missing or fails; `FileError` when the
  ///   file cannot be written, or a weight not read.
  public func write(to path: String, seconds: Double = Graphviz.patience) throws {
    guard DrawingFormat(path: path) == .html else { return try DrawingFormat.write(dot, to: path, seconds: seconds) }
    try DrawingFormat.write(Data(page(seconds: seconds).utf8), to: path)
  }

  /// The roles that parameters have, each with how many have it.
  var roles: [(role: Role, text: String)] {
    Role.allCases.compactMap { role in
      let members = model.parameters.with(role)
      guard !members.isEmpty else { return nil }
      let numbers = Self.short(members.reduce(0) { $0 + $1.count })
      return (role, "\(members.count) \(members.count == 1 ? "tensor" : "tensors"), \(numbers)")
    }
  }

  private var legend: String {
    let roles = roles.map { ("\($0.role.rawValue): \($0.text)", $0.role.colour) }
    let parts = [("backward pass", DrawingColours.warmLine), ("no gradient", DrawingColours.coldLine)]
    // A table without a cell is an error in DOT.
    let rows = (roles.isEmpty ? [] : [DOTText.legend(roles)]) + [DOTText.legend(parts)]
    let legend = rows.joined(separator: "</TD></TR><TR><TD>")
    return "<TABLE BORDER=\"0\" CELLSPACING=\"0\"><TR><TD><FONT POINT-SIZE=\"15\"><B>"
      + DOTText.escaped(title.shortened(to: 80)) + "</B></FONT></TD></TR><TR><TD>\(legend)</TD></TR></TABLE>"
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
  var colour: String {
    switch self {
    case .trainable: DrawingColours.trainable
    case .frozen: DrawingColours.frozen
    case .buffer: DrawingColours.buffer
    case .constant: DrawingColours.constant
    }
  }
}
