/// An operator of a model that Thaw cannot run, or cannot differentiate.
public struct MissingOperator: Hashable, Sendable, CustomStringConvertible {
  public let name: String
  public let domain: String
  public let opset: Int
  public let node: String
  /// Why, where it is not simply unknown: an attribute, a version, a mode.
  public let reason: String?

  /// The same, said from a graph further out.
  func inside(_ place: String) -> MissingOperator {
    MissingOperator(name: name, domain: domain, opset: opset, node: "\(place)/\(node)", reason: reason)
  }

  public var description: String {
    let place = "\(domain.isEmpty ? "ai.onnx" : domain) opset \(opset), node '\(node)'"
    return "\(name) (\(place))" + (reason.map { ": \($0)" } ?? "")
  }
}

extension Collection where Element == MissingOperator {
  /// How many there are, and each in a line of its own.
  public var list: String {
    (count == 1 ? "an operator" : "\(count) nodes") + " of the model:" + map { "\n  \($0)" }.joined()
  }
}
