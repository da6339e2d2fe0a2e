/// How a kind of thing looks in drawings: its colour, and its line, which tells it to those who see no colours.
package struct DrawingMark: Sendable {
  package enum Stroke: String, Sendable { case solid, dashed, dotted, none }

  package let fill: String
  package let line: String
  package let stroke: Stroke

  package init(fill: String, line: String, stroke: Stroke) {
    (self.fill, self.line, self.stroke) = (fill, line, stroke)
  }

  package static let trainable = DrawingMark(
    fill: DrawingColours.trainable, line: DrawingColours.warmLine, stroke: .solid)
  package static let frozen = DrawingMark(fill: DrawingColours.frozen, line: DrawingColours.coldLine, stroke: .dashed)
  package static let buffer = DrawingMark(fill: DrawingColours.buffer, line: DrawingColours.coldLine, stroke: .dotted)
  package static let constant = DrawingMark(fill: DrawingColours.constant, line: DrawingColours.coldLine, stroke: .none)
  /// An operation that gradients go through.
  package static let backward = DrawingMark(
    fill: DrawingColours.warmFill, line: DrawingColours.warmLine, stroke: .solid)
  /// An operation off their way.
  package static let still = DrawingMark(fill: DrawingColours.coldFill, line: DrawingColours.coldLine, stroke: .dashed)
  /// Where a graph begins or ends.
  package static let port = DrawingMark(fill: DrawingColours.port, line: DrawingColours.portLine, stroke: .solid)

  /// The attributes of a cell in markup.
  package var cell: String {
    let border =
      switch stroke {
      case .none: " STYLE=\"ROUNDED\""
      case .solid: " BORDER=\"1\" COLOR=\"\(line)\" STYLE=\"ROUNDED\""
      case .dashed, .dotted: " BORDER=\"1\" COLOR=\"\(line)\" STYLE=\"ROUNDED,\(stroke.rawValue.uppercased())\""
      }
    return "BGCOLOR=\"\(fill)\"" + border
  }
}
