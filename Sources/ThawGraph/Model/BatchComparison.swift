import ThawTensor

/// What the shapes of a graph's values are for the declared number of samples, which is the first, and for two others.
struct BatchComparison {
  let graph: Graph
  let target: Graph.ValueIndex
  let sizes: [Int]
  let trials: [ShapeTrial]

  /// What holds the number of samples; nil where nothing does.
  var holder: String? {
    var end: String?
    for index in graph.nodesNeeded(for: [target]) {
      let node = graph.nodes[index]
      let place = description(of: node)
      if trials[1...].contains(where: { $0.failures.contains(index) }) { return maker(ofConstantAt: node) ?? place }
      guard node.inputs.contains(where: { $0.map(hasSamples) ?? false }) else { continue }
      let outputs = node.outputs.compactMap { $0 }
      if outputs.contains(where: { hasSamples($0) && !isInProportion($0) }) || holdsNumberInFront(node) { return place }
      if end == nil, !(node.operation.known is Shape), !outputs.contains(where: hasSamples) { end = place }
    }
    return varyingAxes(of: target) == [0] ? nil : end ?? "what makes '\(graph.values[target].name)'"
  }

  private func description(of node: Graph.Node) -> String { "node '\(node.name)' (\(node.opType))" }

  /// What makes the input of that size which no other number of samples fits, such as an Expand of an initial state.
  private func maker(ofConstantAt node: Graph.Node) -> String? {
    let producers = graph.producers()
    for case let input? in node.inputs where !trials[1].affected.contains(input) {
      guard let shape = trials[0].types[input]?.shape, shape.contains(sizes[0]), let maker = producers[input] else {
        continue
      }
      return description(of: graph.nodes[maker])
    }
    return nil
  }

  /// The axes whose size depends on the number of samples; nil where the shape is not known.
  private func varyingAxes(of value: Graph.ValueIndex) -> [Int]? {
    let shapes = trials.compactMap { $0.types[value]?.shape }
    guard shapes.count == trials.count, Set(shapes.map(\.count)).count == 1 else { return nil }
    return shapes[0].indices.filter { axis in shapes[1][axis] != shapes[2][axis] }
  }

  private func hasSamples(_ value: Graph.ValueIndex) -> Bool { varyingAxes(of: value)?.isEmpty == false }

  /// Whether one axis grows with the number of samples, and nothing else changes.
  private func isInProportion(_ value: Graph.ValueIndex) -> Bool {
    let shapes = trials.compactMap { $0.types[value]?.shape }
    guard let axes = varyingAxes(of: value), axes.count == 1, let varying = axes.first else { return false }
    return shapes[0].indices.allSatisfy { axis in
      if axis != varying { return shapes[0][axis] == shapes[1][axis] }
      // In the file's declarations a size may be any number.
      return zip(sizes, shapes).allSatisfy { size, shape in
        let (one, other) = (
          shape[axis].multipliedReportingOverflow(by: sizes[0]), shapes[0][axis].multipliedReportingOverflow(by: size)
        )
        return !one.overflow && !other.overflow && one.partialValue == other.partialValue
      }
    }
  }

  /// Whether a Reshape's constant puts the number before the axis of the samples, as `[8, -1]` does: for another number
  /// of samples the shapes would fit, and samples would meet.
  private func holdsNumberInFront(_ node: Graph.Node) -> Bool {
    guard node.operation.known is Reshape, let data = node.inputs.first ?? nil, let result = node.outputs.first ?? nil
    else { return false }
    func count(before value: Graph.ValueIndex) -> Int {
      guard let shape = trials[1].types[value]?.shape, let axis = varyingAxes(of: value)?.first else { return 0 }
      return shape[..<axis].count { $0 == sizes[0] }
    }
    return count(before: result) > count(before: data)
  }
}
