import ThawONNX
import ThawTensor

/// A node's attributes as people read them.
struct AttributeText: Hashable, Sendable {
  let name: String
  let text: String

  /// The attributes of a file's node, or of an operation that has none there, in the order of their names.
  static func list(of node: Graph.Node, in proto: NodeProto?, opsets: [String: Int]) -> [AttributeText] {
    if let proto {
      return proto.attribute.map { AttributeText(name: $0.name ?? "", text: text(of: $0)) }.sorted { $0.name < $1.name }
    }
    guard let operation = node.operation.known,
      let attributes = try? operation.attributes(opset: opsets[operation.schema.domain.rawValue] ?? 1)
    else { return [] }
    return attributes.sorted { $0.key < $1.key }.map { name, attribute in
      AttributeText(name: name, text: (try? attribute.proto(named: name)).map(text) ?? attribute.kind)
    }
  }

  private static func text(of attribute: AttributeProto) -> String {
    if let graph = attribute.g { return text(of: graph) }
    if let tensor = attribute.t { return text(of: tensor) }
    if let bytes = attribute.s { return String(decoding: bytes, as: UTF8.self) }
    if let number = attribute.f { return "\(number)" }
    if let number = attribute.i { return "\(number)" }
    if !attribute.ints.isEmpty { return list(attribute.ints.map { "\($0)" }) }
    if !attribute.floats.isEmpty { return list(attribute.floats.map { "\($0)" }) }
    if !attribute.strings.isEmpty { return list(attribute.strings.map { String(decoding: $0, as: UTF8.self) }) }
    if !attribute.graphs.isEmpty { return list(attribute.graphs.map(text)) }
    if !attribute.tensors.isEmpty { return list(attribute.tensors.map(text)) }
    return "[]"
  }

  private static func list(_ texts: [String]) -> String { "[" + texts.joined(separator: ", ") + "]" }

  private static func text(of graph: GraphProto) -> String {
    "\(graph.node.count) nodes: " + graph.node.map { $0.opType ?? "" }.joined(separator: ", ")
  }

  private static func text(of tensor: TensorProto) -> String {
    "tensor [\(tensor.dims.map { "\($0)" }.joined(separator: ", "))]"
  }
}

extension String {
  /// The text with its middle left out where it has more characters than `limit`.
  func shortened(to limit: Int) -> String {
    guard count > limit else { return self }
    return prefix(limit / 2) + "…" + suffix(limit - limit / 2 - 1)
  }
}

extension ValueType {
  /// The type as it stands in a drawing: "64×3×7×7", with the element type where that is not float32.
  var drawn: String {
    guard let tensor, let dims = tensor.dims else { return description }
    let size = dims.isEmpty ? "scalar" : dims.map { $0.description.shortened(to: 16) }.joined(separator: "×")
    return tensor.dtype == .float32 ? size : "\(tensor.dtype) \(size)"
  }
}
