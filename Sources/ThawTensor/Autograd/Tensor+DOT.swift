extension Tensor {
  /// The graph of automatic differentiation that leads to this tensor, in Graphviz's DOT language.
  ///
  /// Edges go the way the values went: from leaves that require a gradient (light blue) through operations (light
  /// grey, by the names of their gradients) to this tensor (light green). What requires no gradient is not in the
  /// graph and not in the text. Names and order follow from the graph alone, so equal graphs give equal texts.
  public func dot() -> String {
    var drawing = GraphDrawing()
    drawing.draw(self)
    return drawing.text
  }
}

/// The text of one drawing: operations in the order in which a walk in breadth from the result meets them.
private struct GraphDrawing {
  private var statements: [String] = []
  private var arrows: [String] = []
  private var operations: [Node: Int] = [:]
  private var leaves: [ObjectIdentifier: Int] = [:]
  private var unvisited: [Node] = []

  var text: String {
    (["digraph {", "node [shape=box, style=filled]"] + statements + arrows).joined(separator: "\n  ") + "\n}\n"
  }

  mutating func draw(_ result: Tensor) {
    switch result.link {
    case .leaf(let leaf): _ = name(of: leaf, dtype: "\(result.dtype)", shape: result.shape)
    case .output(let node, let output):
      box("result", label: "result\\n\(result.dtype)\(result.shape)", colour: "lightgreen")
      arrow(from: node, output: output, to: "result")
    case .own, nil: box("result", label: "result\\n\(result.dtype)\(result.shape)", colour: "lightgreen")
    }
    var next = 0
    while next < unvisited.count {
      drawInputs(of: unvisited[next], as: "operation\(next)")
      next += 1
    }
  }

  private mutating func drawInputs(of node: Node, as target: String) {
    for (index, edge) in node.edges.enumerated() {
      switch edge {
      case .output(let input, let output): arrow(from: input, output: output, to: target)
      case .leaf(let leaf):
        let dtype = node.inputTypes[index].map { "\($0.dtype)" } ?? ""
        arrows.append("\(name(of: leaf, dtype: dtype, shape: node.inputShapes[index] ?? [])) -> \(target)")
      case nil: break
      }
    }
  }

  private mutating func arrow(from node: Node, output: Int, to target: String) {
    let label = node.outputTypes.count > 1 ? " [label=\"output \(output)\"]" : ""
    arrows.append("\(name(of: node)) -> \(target)\(label)")
  }

  private mutating func name(of node: Node) -> String {
    if let number = operations[node] { return "operation\(number)" }
    let name = "operation\(operations.count)"
    operations[node] = operations.count
    unvisited.append(node)
    box(name, label: node.name.filter { $0 != "\"" && $0 != "\\" }, colour: "lightgrey")
    return name
  }

  private mutating func name(of leaf: Leaf, dtype: String, shape: [Int]) -> String {
    if let number = leaves[ObjectIdentifier(leaf)] { return "leaf\(number)" }
    let name = "leaf\(leaves.count)"
    leaves[ObjectIdentifier(leaf)] = leaves.count
    box(name, label: "leaf\\n\(dtype)\(shape)", colour: "lightblue")
    return name
  }

  private mutating func box(_ name: String, label: String, colour: String) {
    statements.append("\(name) [label=\"\(label)\", fillcolor=\(colour)]")
  }
}
