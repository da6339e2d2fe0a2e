/// Writes Graphviz's DOT language: every drawing of Thaw's passes here.
///
/// Values are quoted whatever they hold, so that no name of a model can end a string or begin a statement. Names of
/// nodes and clusters are the caller's own words and not escaped.
package struct DOTText {
  package typealias Attributes = KeyValuePairs<String, Value>

  /// The value of an attribute.
  package enum Value: ExpressibleByStringInterpolation {
    case text(String)
    /// Markup in Graphviz's own small language, of parts that `escaped(_:)` made harmless.
    case markup(String)

    package init(stringLiteral text: String) { self = .text(text) }
  }

  private var lines: [String]
  private var depth = 1

  package init(graph: Attributes = [:], nodes: Attributes = [:], edges: Attributes = [:]) {
    lines = ["digraph drawing {"]
    for (kind, attributes) in [("graph", graph), ("node", nodes), ("edge", edges)] where !attributes.isEmpty {
      add(kind + Self.list(attributes))
    }
  }

  package mutating func node(_ name: String, _ attributes: Attributes) { add(name + Self.list(attributes)) }

  package mutating func edge(from source: String, to target: String, _ attributes: Attributes = [:]) {
    add("\(source) -> \(target)" + Self.list(attributes))
  }

  /// Begins a cluster; what is added until `close()` stands in it.
  package mutating func open(cluster name: String, _ attributes: Attributes) {
    add("subgraph cluster_\(name) {")
    depth += 1
    for (key, value) in attributes { add("\(key)=\(Self.quoted(value))") }
  }

  package mutating func close() {
    depth -= 1
    add("}")
  }

  /// The whole text.
  package var text: String { lines.joined(separator: "\n") + "\n}\n" }

  /// A text as a part of markup.
  package static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in printable(text) {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      case "\n": result += " "
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// What marks mean, as a table of markup in two columns: words that bear the mark, each with what it stands for.
  ///
  /// - Parameter title: above them.
  package static func legend(
    title: String? = nil, _ entries: [(mark: DrawingMark, word: String, meaning: String)]
  ) -> String {
    let cells = entries.map { mark, word, meaning in
      "<TD \(mark.cell)><FONT POINT-SIZE=\"9\">\(escaped(word))</FONT></TD><TD ALIGN=\"LEFT\">\(escaped(meaning))  </TD>"
    }
    var rows = title.map { ["<TD COLSPAN=\"4\"><FONT POINT-SIZE=\"15\"><B>\(escaped($0))</B></FONT></TD>"] } ?? []
    rows += stride(from: 0, to: cells.count, by: 2).map { cells[$0..<min($0 + 2, cells.count)].joined() }
    return "<TABLE BORDER=\"0\" CELLBORDER=\"0\" CELLSPACING=\"3\" CELLPADDING=\"2\">"
      + rows.map { "<TR>\($0)</TR>" }.joined() + "</TABLE>"
  }

  private mutating func add(_ line: String) { lines.append(String(repeating: "  ", count: depth) + line) }

  private static func list(_ attributes: Attributes) -> String {
    attributes.isEmpty ? "" : " [" + attributes.map { "\($0)=\(quoted($1))" }.joined(separator: ", ") + "]"
  }

  private static func quoted(_ value: Value) -> String {
    switch value {
    case .markup(let markup): return "<\(markup)>"
    case .text(let text):
      var result = "\""
      for scalar in printable(text) {
        switch scalar {
        case "\"": result += "\\\""
        case "\\": result += "\\\\"
        case "\n": result += "\\n"
        // Graphviz reads entities in plain texts too.
        case "&": result += "&amp;"
        default: result.unicodeScalars.append(scalar)
        }
      }
      return result + "\""
    }
  }

  /// Without what XML cannot hold, which would make a file of a drawing that no program opens.
  private static func printable(_ text: String) -> [Unicode.Scalar] {
    text.unicodeScalars.map { scalar in
      let isControl = scalar.value < 0x20 && scalar != "\n" || (0x7f...0x9f).contains(scalar.value)
      return isControl || scalar.value & 0xfffe == 0xfffe ? "\u{fffd}" : scalar
    }
  }
}
