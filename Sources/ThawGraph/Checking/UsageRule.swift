import ThawONNX

/// Nodes and initializers that no output needs.
enum UsageRule: CheckRule {
  static func findings(in file: CheckedFile) -> [Finding] {
    let bound = Set(
      file.proto.trainingInfo.flatMap { ($0.initializationBinding + $0.updateBinding).compactMap(\.key) })
    return file.walk.blocks.flatMap { findings(in: $0, file.walk, bound: bound) }
  }

  private static func findings(in block: FileWalk.Block, _ walk: FileWalk, bound: Set<String>) -> [Finding] {
    var needed = bound.union(block.outputs)
    var read = needed
    var findings: [Finding] = []
    for (index, node) in block.nodes.enumerated().reversed() {
      let taken = node.takenNames
      read.formUnion(taken)
      let given = node.output.filter { !$0.isEmpty }
      if given.contains(where: needed.contains) {
        needed.formUnion(taken)
      } else if !given.isEmpty, !block.outputs.isEmpty {
        findings.append(
          Finding(
            level: .note, rule: .deadNodes, place: walk.nodes[block.nodeSites[index]].place,
            message: "no output needs what the node gives: \(given.shortened)",
            advice: "remove it with `thaw convert --prune`, or declare what it gives as an output"))
      }
    }
    findings.reverse()
    guard let graph = block.graph else { return findings }
    func unused(_ name: String?, _ path: String, _ byteCount: Int?) {
      guard let name, !name.isEmpty, !read.contains(name) else { return }
      findings.append(
        Finding(
          level: .note, rule: .unusedInitializers, place: walk.place(path),
          message: "nothing reads it" + (byteCount.map { "; it takes \($0) bytes" } ?? ""),
          advice: "remove it with `thaw convert --prune`"))
    }
    for (index, tensor) in graph.initializer.enumerated() {
      unused(
        tensor.name, "\(block.place.path).initializer[\(index)]", tensor.rawData?.count ?? tensor.externalBytes?.count)
    }
    for (index, sparse) in graph.sparseInitializer.enumerated() {
      unused(sparse.values?.name, "\(block.place.path).sparse_initializer[\(index)].values", nil)
    }
    return findings
  }
}
