extension Tensor {
  /// The graph of automatic differentiation that leads to this tensor, in Graphviz's DOT language.
  ///
  /// Edges go the way the values went: from leaves that require a gradient (orange) through operations (by their
  /// `gradFn`) to this tensor (green). What requires no gradient is not in the graph; where `showsFrozen` asks for it,
  /// it is drawn beside it in blue, with broken lines. Names and order follow from the graph alone, so equal graphs
  /// give equal texts.
  ///
  /// - Parameters:
  ///   - name: what to call this tensor.
  ///   - names: what to call its leaves.
  ///   - showsFrozen: whether operands that require no gradient are drawn, and what is what is explained.
  public func dot(
    name: String = "result", names: KeyValuePairs<String, Tensor> = [:], showsFrozen: Bool = false
  ) -> String {
    Tensor.dot([name: self], names: names, showsFrozen: showsFrozen)
  }

  /// The graph that leads to several tensors, by their names. See `dot(name:names:showsFrozen:)`.
  public static func dot(
    _ results: KeyValuePairs<String, Tensor>, names: KeyValuePairs<String, Tensor> = [:], showsFrozen: Bool = false
  ) -> String {
    var drawing = GraphDrawing(showsFrozen: showsFrozen)
    for (name, tensor) in names {
      if let leaf = tensor.leaf { drawing.names[ObjectIdentifier(leaf)] = name }
    }
    for (name, tensor) in results { drawing.draw(tensor, name) }
    return drawing.finished
  }
}

/// The text of one drawing: operations in the order in which a walk in breadth from the result meets them.
private struct GraphDrawing {
  var names: [ObjectIdentifier: String] = [:]
  private let showsFrozen: Bool
  private var text: DOTText
  private var arrows: [(source: String, target: String, label: String?, isFrozen: Bool)] = []
  private var operations: [Node: Int] = [:]
  private var leaves: [ObjectIdentifier: Int] = [:]
  private var frozenCount = 0
  private var resultCount = 0
  /// The operations in the order of their numbers; the inputs of the first `openedCount` are drawn.
  private var met: [Node] = []
  private var openedCount = 0

  init(showsFrozen: Bool) {
    self.showsFrozen = showsFrozen
    let legend = DOTText.legend([
      (.trainable, "leaf", "its gradient accumulates"),
      (.backward, "operation", "by its grad_fn"),
      (.frozen, "frozen", "requires no gradient: not in the graph"),
      (.port, "result", "where a backward pass begins"),
    ])
    text = DOTText(
      graph: [
        "fontname": "Helvetica", "fontsize": "11", "fontcolor": .text(DrawingColours.ink), "ranksep": "0.35",
        "labelloc": "b", "label": showsFrozen ? .markup(legend) : "",
      ],
      nodes: [
        "shape": "box", "style": "rounded,filled", "fontname": "Helvetica", "fontsize": "12", "penwidth": "1.2",
        "fontcolor": .text(DrawingColours.ink), "height": "0.4",
      ],
      edges: [
        "color": .text(DrawingColours.warmLine), "penwidth": "1.4", "arrowsize": "0.7", "fontname": "Helvetica",
        "fontsize": "10", "fontcolor": .text(DrawingColours.faintInk),
      ])
  }

  var finished: String {
    var text = text
    for arrow in arrows {
      switch (arrow.label, arrow.isFrozen) {
      case (let label?, _): text.edge(from: arrow.source, to: arrow.target, ["label": .text(label)])
      case (nil, true):
        text.edge(
          from: arrow.source, to: arrow.target,
          ["style": "dashed", "penwidth": "1", "color": .text(DrawingColours.coldLine)])
      case (nil, false): text.edge(from: arrow.source, to: arrow.target)
      }
    }
    return text.text
  }

  mutating func draw(_ result: Tensor, _ name: String) {
    let label = "\(name)\n\(result.dtype)\(result.shape)"
    let id = resultCount == 0 ? "result" : "result\(resultCount)"
    resultCount += 1
    switch result.link {
    case .leaf(let leaf): _ = self.name(of: leaf, dtype: "\(result.dtype)", shape: result.shape)
    case .output(let node, let output):
      box(id, label, .port)
      arrow(from: node, output: output, to: id)
    case .own, nil: box(id, label, .port)
    }
    while openedCount < met.count {
      drawInputs(of: met[openedCount], as: "operation\(openedCount)")
      openedCount += 1
    }
  }

  private mutating func drawInputs(of node: Node, as target: String) {
    for (index, edge) in node.edges.enumerated() {
      switch edge {
      case .output(let input, let output): arrow(from: input, output: output, to: target)
      case .leaf(let leaf):
        let dtype = node.inputTypes[index].map { "\($0.dtype)" } ?? ""
        let source = name(of: leaf, dtype: dtype, shape: node.inputShapes[index] ?? [])
        arrows.append((source, target, nil, false))
      case nil:
        guard showsFrozen, let type = node.inputTypes[index] else { continue }
        let source = "frozen\(frozenCount)"
        frozenCount += 1
        text.node(
          source,
          [
            "label": .text("\(type.dims?.isEmpty == true ? "number" : "frozen")\n\(type)"),
            "style": "rounded,filled,dashed", "fillcolor": .text(DrawingColours.frozen),
            "color": .text(DrawingColours.coldLine),
          ])
        arrows.append((source, target, nil, true))
      }
    }
  }

  private mutating func arrow(from node: Node, output: Int, to target: String) {
    arrows.append((name(of: node), target, node.outputTypes.count > 1 ? "output \(output)" : nil, false))
  }

  private mutating func name(of node: Node) -> String {
    if let number = operations[node] { return "operation\(number)" }
    let name = "operation\(operations.count)"
    operations[node] = operations.count
    met.append(node)
    box(name, node.name, .backward)
    return name
  }

  private mutating func name(of leaf: Leaf, dtype: String, shape: [Int]) -> String {
    if let number = leaves[ObjectIdentifier(leaf)] { return "leaf\(number)" }
    let name = "leaf\(leaves.count)"
    leaves[ObjectIdentifier(leaf)] = leaves.count
    box(name, "\(names[ObjectIdentifier(leaf)] ?? "leaf")\n\(dtype)\(shape)", .trainable)
    return name
  }

  private mutating func box(_ name: String, _ label: String, _ mark: DrawingMark) {
    text.node(name, ["label": .text(label), "fillcolor": .text(mark.fill), "color": .text(mark.line)])
  }
}
