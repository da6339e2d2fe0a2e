import ThawONNX

/// What came of a case of ONNX's backend tests.
package struct ConformanceResult: Encodable, Hashable, Sendable {
  package enum Status: String, Encodable, Hashable, Sendable, CaseIterable {
    /// All outputs are as they should be.
    case pass
    /// An output is not.
    case fail
    /// The model needs what Thaw does not have.
    case unsupported
    /// A file cannot be read, or a node failed.
    case error
  }

  /// The case's folder.
  package let dir: String
  package let status: Status
  /// What is wrong; empty for a case that passes.
  package let detail: String
  /// The operators of the model, those of bodies and functions too, each once and in order.
  package let operators: [String]

  init(_ dir: String, _ status: Status, _ detail: String, _ operators: [String]) {
    self.dir = dir
    self.status = status
    self.detail = detail
    self.operators = operators
  }

  private enum CodingKeys: CodingKey { case dir, status, detail }
}

extension ModelProto {
  /// The operators that its nodes name, those of bodies and functions too, with their domains but for ONNX's own.
  package var operatorNames: [String] {
    var names: Set<String> = []
    for node in functions.flatMap(\.node) { node.addOperatorNames(to: &names) }
    for node in graph?.node ?? [] { node.addOperatorNames(to: &names) }
    return names.sorted()
  }
}

extension NodeProto {
  fileprivate func addOperatorNames(to names: inout Set<String>) {
    let domain = domain.flatMap { $0.isEmpty || $0 == "ai.onnx" ? nil : "\($0)." } ?? ""
    names.insert(domain + (opType ?? ""))
    for graph in attribute.flatMap({ [$0.g].compactMap { $0 } + $0.graphs }) {
      for node in graph.node { node.addOperatorNames(to: &names) }
    }
  }
}
