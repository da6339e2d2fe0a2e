import ThawONNX
import ThawTensor

/// Whether each node is one of its operator's, and whether Thaw has that operator.
enum OperatorRule: CheckRule {
  static func findings(in file: CheckedFile) -> [Finding] {
    let wrong = published(in: file)
    let places = Set(wrong.map(\.place.path))
    return wrong
      + (file.model?.missingOperators ?? []).compactMap { missing in
        let place = file.walk.placeOfNode(named: missing.node)
        guard !places.contains(place.path) else { return nil }
        return Finding(
          level: .warning, rule: .operators, place: place, message: "Thaw cannot run \(missing)",
          advice: "export it with operators that `thaw operators` lists, or give Thaw one of your own in Swift")
      }
  }

  /// What contradicts the published schemas of ONNX's operators.
  ///
  /// Types are asked for only where the inference has nothing to say of the node.
  private static func published(in file: CheckedFile) -> [Finding] {
    let functions = file.proto.functions.map { FunctionName($0.domain, $0.name, $0.overload) }
    let called = Set(functions)
    let told = Set((file.types?.problems ?? []).compactMap { $0.node.flatMap(file.walk.node) })
    let types = Dictionary(
      (file.types?.values ?? []).map { ($0.name, $0.type) }, uniquingKeysWith: { first, _ in first })
    return file.walk.nodes.enumerated().flatMap { index, node -> [Finding] in
      // One without an operator is told by its structure.
      guard let opType = node.proto.opType, !opType.isEmpty,
        !called.contains(FunctionName(node.proto.domain, opType, node.proto.overload))
      else { return [] }
      let problems = PublishedSchemas.problems(of: node.proto, in: node.imports) { name in
        guard !told.contains(index) else { return nil }
        return node.scopes.lazy.compactMap { types[$0 + name] ?? nil }.first
      }
      return problems.map { problem in
        Finding(
          level: .error, rule: problem.kind == .valueType ? .types : .operators, place: node.place,
          message: problem.summary, advice: problem.remedy)
      }
    }
  }
}

/// What tells a function of the model from others.
private struct FunctionName: Hashable {
  let domain: String
  let name: String
  let overload: String

  init(_ domain: String?, _ name: String?, _ overload: String?) {
    self.domain = domain == "ai.onnx" ? "" : domain ?? ""
    (self.name, self.overload) = (name ?? "", overload ?? "")
  }
}
