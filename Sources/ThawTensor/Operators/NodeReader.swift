import ThawTypes

/// A node as an operator's decoder sees it: attributes by name and type, and which version it is written in.
///
/// Decoders take every attribute they know; what is left over is an unsupported attribute, and an error.
public final class NodeReader {
  /// The operator's name, for messages.
  public let name: String
  /// The version, among the schema's, that the node means.
  public let version: Int
  /// Which inputs the node has; false for one left out by an empty name.
  public let presentInputs: [Bool]
  public let outputCount: Int
  /// Inputs that older versions write as attributes, by position.
  public private(set) var suppliedInputs: [Int: Tensor] = [:]
  private var attributes: [String: Attribute]

  public init(
    name: String, version: Int, attributes: [String: Attribute], presentInputs: [Bool], outputCount: Int
  ) {
    self.name = name
    self.version = version
    self.attributes = attributes
    self.presentInputs = presentInputs
    self.outputCount = outputCount
  }

  /// Whether the node has an input at `index`.
  public func hasInput(_ index: Int) -> Bool { index < presentInputs.count && presentInputs[index] }

  /// Adds an input that this version writes as an attribute.
  public func supply(_ tensor: Tensor, asInput index: Int) { suppliedInputs[index] = tensor }

  /// The names of attributes that the decoder has not taken.
  public var remainingAttributes: [String] { attributes.keys.sorted() }

  /// Takes an attribute that this version allows and that changes no result.
  public func ignore(_ names: String...) { for name in names { attributes[name] = nil } }

  public func int(_ name: String) throws -> Int? {
    switch attributes.removeValue(forKey: name) {
    case nil: nil
    case .int(let value): value
    case let other?: throw mismatch(name, "an integer", other)
    }
  }

  public func int(_ name: String, default value: Int) throws -> Int { try int(name) ?? value }

  /// An integer that stands for false (0) or true (anything else).
  public func flag(_ name: String, default value: Bool) throws -> Bool { try int(name).map { $0 != 0 } ?? value }

  public func float(_ name: String) throws -> Float? {
    switch attributes.removeValue(forKey: name) {
    case nil: nil
    case .float(let value): value
    case let other?: throw mismatch(name, "a float", other)
    }
  }

  public func float(_ name: String, default value: Float) throws -> Float { try float(name) ?? value }

  public func ints(_ name: String) throws -> [Int]? {
    switch attributes.removeValue(forKey: name) {
    case nil: nil
    case .ints(let values): values
    case let other?: throw mismatch(name, "a list of integers", other)
    }
  }

  public func floats(_ name: String) throws -> [Float]? {
    switch attributes.removeValue(forKey: name) {
    case nil: nil
    case .floats(let values): values
    case let other?: throw mismatch(name, "a list of floats", other)
    }
  }

  public func string(_ name: String) throws -> String? {
    try bytes(name).map { String(decoding: $0, as: UTF8.self) }
  }

  /// A string as its bytes, which need not be UTF-8.
  public func bytes(_ name: String) throws -> [UInt8]? {
    switch attributes.removeValue(forKey: name) {
    case nil: nil
    case .string(let bytes): bytes
    case let other?: throw mismatch(name, "a string", other)
    }
  }

  public func strings(_ name: String) throws -> [[UInt8]]? {
    switch attributes.removeValue(forKey: name) {
    case nil: nil
    case .strings(let values): values
    case let other?: throw mismatch(name, "a list of strings", other)
    }
  }

  public func tensor(_ name: String) throws -> Tensor? {
    switch attributes.removeValue(forKey: name) {
    case nil: nil
    case .tensor(let tensor): tensor
    case let other?: throw mismatch(name, "a tensor", other)
    }
  }

  public func sparseTensor(_ name: String) throws -> SparseTensor? {
    switch attributes.removeValue(forKey: name) {
    case nil: nil
    case .sparseTensor(let tensor): tensor
    case let other?: throw mismatch(name, "a sparse tensor", other)
    }
  }

  public func type(_ name: String) throws -> ValueType? {
    switch attributes.removeValue(forKey: name) {
    case nil: nil
    case .type(let type): type
    case let other?: throw mismatch(name, "a type", other)
    }
  }

  public func subgraph(_ name: String) throws -> any Subgraph {
    guard let graph = try optionalSubgraph(name) else {
      throw TensorError(.operand, "\(self.name): the graph attribute '\(name)' is missing")
    }
    return graph
  }

  public func optionalSubgraph(_ name: String) throws -> (any Subgraph)? {
    switch attributes.removeValue(forKey: name) {
    case nil: nil
    case .graph(let graph): graph
    case let other?: throw mismatch(name, "a graph", other)
    }
  }

  /// An element type, by ONNX's number for it.
  public func dtype(_ name: String) throws -> DType? {
    guard let number = try int(name) else { return nil }
    guard let dtype = Int32(exactly: number).flatMap(DType.init(rawValue:)) else {
      throw TensorError(
        .unsupported,
        "\(self.name): \(number) in the attribute '\(name)' is not the number of an element type that Thaw has")
    }
    return dtype
  }

  /// An element type, by ONNX's name for it, as the oldest versions have it.
  public func dtype(named name: String) throws -> DType? {
    guard let text = try string(name) else { return nil }
    let names: [String: DType] = [
      "FLOAT": .float32, "UINT8": .uint8, "INT8": .int8, "UINT16": .uint16, "INT16": .int16, "INT32": .int32,
      "INT64": .int64, "BOOL": .bool, "FLOAT16": .float16, "DOUBLE": .float64, "UINT32": .uint32, "UINT64": .uint64,
    ]
    guard let dtype = names[text.uppercased()] else {
      throw TensorError(
        .unsupported, "\(self.name): '\(text)' in the attribute '\(name)' is not an element type that Thaw has there")
    }
    return dtype
  }

  /// An attribute that must be there.
  public func required<T>(_ name: String, _ value: T?) throws -> T {
    guard let value else { throw TensorError(.operand, "\(self.name): the attribute '\(name)' is missing") }
    return value
  }

  private func mismatch(_ attribute: String, _ expected: String, _ found: Attribute) -> TensorError {
    TensorError(.operand, "\(name): the attribute '\(attribute)' should be \(expected) and is \(found.kind)")
  }
}
