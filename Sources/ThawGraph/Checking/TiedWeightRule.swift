import ThawONNX
import ThawTensor

/// Parameters that several nodes use, and parameters that were one tensor in the file.
enum TiedWeightRule: CheckRule {
  static func findings(in file: CheckedFile) -> [Finding] {
    guard let model = file.model else { return [] }
    let consumers = model.graph.consumers()
    var findings: [Finding] = []
    var copies: [Int: [String]] = [:]
    for (parameter, place) in zip(model.parameters, model.places) {
      if case .identity(_, .initializer(let index)) = place.origin, parameter.role != .constant {
        copies[index, default: []].append(parameter.name)
      }
      guard case .initializer(let index) = place.origin, parameter.role == .trainable || parameter.role == .frozen
      else { continue }
      let nodes = Set((consumers[place.value] ?? []).map(\.node)).sorted()
      guard nodes.count > 1 else { continue }
      findings.append(
        finding(
          file, index, "\(nodes.count) nodes use it: \(nodes.map { model.graph.nodes[$0].name }.shortened)",
          "nothing, if that is meant: it has one gradient, the sum, and one update"))
    }
    return findings
      + copies.sorted { $0.key < $1.key }.map { index, names in
        finding(
          file, index, "Identity nodes hand it on, and each is a parameter of its own from now on: \(names.shortened)",
          "nothing, if an exporter merged equal tensors; `--tie PATTERN` keeps them one in training")
      }
  }

  private static func finding(_ file: CheckedFile, _ index: Int, _ message: String, _ advice: String) -> Finding {
    Finding(
      level: .note, rule: .tiedWeights, place: file.walk.place("graph.initializer[\(index)]"), message: message,
      advice: advice)
  }
}
