import Foundation
import ThawONNX
import ThawTensor

/// A drawing of a model: its operators, the roles of its parameters, and what takes part in a backward pass.
///
/// Parameters are coloured by their roles. Boxes and arrows on the way of gradients are warm, those off it cold and
/// broken. Blocks that repeat are drawn once, with their number; arrows carry shapes.
public struct ModelDrawing: Sendable {
  private let model: Model
  private let title: String
  private let graph: DrawnGraph

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
  ///   file cannot be written.
  public func write(to path: String, seconds: Double = 600) throws {
    guard let format = DrawingFormat(path: path) else {
      throw DrawingError(message: "\(path): a drawing's name should end in .svg, .png or .dot")
    }
    try format.write(dot, to: path, seconds: seconds)
  }

  private var legend: String {
    let roles = Role.allCases.compactMap { role -> (String, String)? in
      let members = model.parameters.with(role)
      guard !members.isEmpty else { return nil }
      let numbers = Self.short(members.reduce(0) { $0 + $1.count })
      return (
        "\(role.rawValue): \(members.count) \(members.count == 1 ? "tensor" : "tensors"), \(numbers)", role.colour
      )
    }
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
