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
  private static func published(in file: CheckedFile) -> [Finding] {
    []
  }
}
