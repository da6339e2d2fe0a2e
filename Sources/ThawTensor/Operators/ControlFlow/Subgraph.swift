/// A graph inside a node: the body of If, Loop or Scan.
///
/// What it reads of the values around it is told by name; the node has these as inputs, after its own and in the order
/// of its bodies, so that everybody sees what a body depends on.
public protocol Subgraph: AnyObject, Sendable {
  /// The types of its own inputs, nil where none is declared.
  var inputTypes: [ValueType?] { get }
  /// The types of its outputs, nil where none is declared.
  var outputTypes: [ValueType?] { get }
  /// The names of the outer values that it reads.
  var capturedNames: [String] { get }
  /// Whether a call draws random numbers, so that the next one may give others; true unless it is known not to.
  var draws: Bool { get }
  /// Computes the outputs.
  ///
  /// - Throws: the error of the node that failed, with the path to it.
  func call(_ inputs: [Value], captured: [Value]) throws -> [Value]
}

extension Subgraph {
  public var draws: Bool { true }
}

/// A body as an operator holds it: it is itself and no other.
struct Body: Hashable, Sendable {
  let graph: any Subgraph

  init(_ graph: any Subgraph) { self.graph = graph }

  static func == (left: Body, right: Body) -> Bool { left.graph === right.graph }
  func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(graph)) }
}
