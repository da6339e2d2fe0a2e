import ThawONNX
import ThawTensor

/// Element types and shapes, as they follow from the inputs through every node.
enum TypeRule: CheckRule {
  static func findings(in file: CheckedFile) -> [Finding] {
    let outputs = Set(file.proto.graph?.output.compactMap(\.name) ?? [])
    return (file.types?.problems ?? []).map { problem in
      var place = problem.node.map(file.walk.placeOfNode) ?? Finding.Place(path: "graph", graph: "graph")
      place.value = problem.value
      let isOutput = problem.value.map(outputs.contains) ?? false
      return Finding(
        level: level(of: problem, isOutput: isOutput), rule: problem.kind == .type ? .types : .shapes, place: place,
        message: problem.message, advice: advice(for: problem.kind))
    }
  }

  /// What is declared of a value in between is for people; what is declared of an output is a promise.
  private static func level(of problem: TypeInference.Problem, isOutput: Bool) -> Finding.Level {
    switch problem.kind {
    case .shape, .type, .operand: .error
    case .declaration: isOutput ? .error : .warning
    case .unsupported: .warning
    }
  }

  private static func advice(for kind: TypeInference.Problem.Kind) -> String {
    switch kind {
    case .shape:
      "correct the shape of what the node takes, or the node's attributes; `thaw inspect --shapes` shows them"
    case .type: "put a Cast before the node, or correct the tensor's type"
    case .operand: "correct the attribute or number that the sentence names"
    case .declaration: "correct what the file declares, or remove the declaration if the value is no input or output"
    case .unsupported: "nothing, if another runtime is to run it; Thaw does not compute this"
    }
  }
}
