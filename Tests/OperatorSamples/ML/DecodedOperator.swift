import ThawTensor

extension Operator {
  /// The operation of a node with these attributes; nil, so that its rows are missed, where it cannot be decoded.
  static func decoded(_ attributes: [String: Attribute], version: Int, outputs: Int = 1) -> Self? {
    try? decoding(attributes, version: version, outputs: outputs)
  }

  /// See `decoded`; throws what decoding throws.
  public static func decoding(_ attributes: [String: Attribute], version: Int, outputs: Int = 1) throws -> Self {
    let node = NodeReader(
      name: schema.name, version: version, attributes: attributes, presentInputs: [true], outputCount: outputs)
    guard let operation = try Operators.decode(Self.self, node) as? Self else {
      throw TensorError(.internal, "\(schema.name) was decoded as another operator")
    }
    return operation
  }
}

extension Attribute {
  static func texts(_ texts: [String]) -> Attribute { .strings(texts.map { Array($0.utf8) }) }
}
