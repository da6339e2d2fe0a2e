import ThawTypes

/// A map's values in the order of its keys as a tensor of another type, `[1, values]` (ONNX-ML CastMap-1).
///
/// Keys are int64. Dense, the values stand side by side; sparse, each at the place that its key says, of `length` places.
public struct CastMap: Primitive {
  public var to: DType
  /// How many places the result has; nil for as many as the map has values.
  public var length: Int?

  public init(to: DType = .float32, length: Int? = nil) {
    self.to = to
    self.length = length
  }

  public static let schema = Schema(
    "CastMap", domain: .onnxML, versions: [1], inputs: [Input("X", .index)], batch: .mixing,
    differentiability: .never(because: "its input is a map"))

  private static let types: [(String, DType)] = [("TO_FLOAT", .float32), ("TO_STRING", .string), ("TO_INT64", .int64)]

  public init(_ node: NodeReader) throws {
    let (name, form) = (try node.string("cast_to") ?? "TO_FLOAT", try node.string("map_form") ?? "DENSE")
    let length = try node.int("max_map", default: 1)
    guard let type = Self.types.first(where: { $0.0 == name })?.1 else {
      throw TensorError(
        .unsupported, "\(node.name): the attribute cast_to is '\(name)', and should be TO_FLOAT, TO_STRING or TO_INT64")
    }
    guard form == "DENSE" || form == "SPARSE" && length > 0 && length <= Int(Int32.max) else {
      throw TensorError(
        .operand, "\(node.name): map_form is '\(form)' and max_map \(length); expected DENSE, or SPARSE and a length")
    }
    self.init(to: type, length: form == "SPARSE" ? length : nil)
  }

  public func attributes(opset: Int) throws -> [String: Attribute] {
    [
      "cast_to": .text(Self.types.first { $0.1 == to }?.0 ?? "TO_FLOAT"),
      "map_form": .text(length == nil ? "DENSE" : "SPARSE"), "max_map": .int(length ?? 1),
    ]
  }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    let (key, value) = try mapTypes(inputs, of: Self.schema)
    guard key == .int64, value == .float32 || value == .string else {
      throw TensorError(
        .dtype, "CastMap: X is a map from \(key) to \(value), and should be one from int64 to float32 or string")
    }
    return [.tensor(TensorType(to, [1, length.map(Dim.known) ?? .unknown]))]
  }

  public func forward(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    _ = try outputTypes(inputs.map { $0?.type }, known: KnownValues())
    guard case .map(let map)? = inputs[0] else {
      throw TensorError(.internal, "CastMap got another value than its type says")
    }
    let entries = zip(try map.keys.integers(), map.values).sorted { $0.0 < $1.0 }
    let values = try entries.map { try cast($0.1.tensor) }
    guard let length else {
      return [.tensor(try DictVectorizer.joined(values, to, shape: [1, values.count]))]
    }
    let empty = to == .string ? try Tensor(strings: [[]], shape: []) : try Tensor.scalar(0, dtype: to)
    var places = [Tensor](repeating: empty, count: length)
    for (key, value) in zip(entries.map(\.0), values) {
      guard key >= 0 else { throw TensorError(.range, "CastMap: the map has the key \(key), and keys are places") }
      if key < length { places[key] = value }
    }
    return [.tensor(try DictVectorizer.joined(places, to, shape: [1, length]))]
  }

  private func cast(_ value: Tensor?) throws -> Tensor {
    guard let value else { throw TensorError(.operand, "CastMap: the map holds a value that is no tensor") }
    if value.dtype == to { return value }
    if value.dtype != .string, to == .string {
      return try Tensor(strings: value.elements(as: Float.self).map { Array("\($0)".utf8) }, shape: value.shape)
    }
    guard value.dtype == .string else { return try value.numbers(as: to) }
    let numbers = try value.strings().map { bytes -> Double in
      let text = String(decoding: bytes, as: UTF8.self)
      guard let number = Double(text) else { throw TensorError(.range, "CastMap: '\(text)' is no number") }
      return number
    }
    return try Tensor(copying: numbers, shape: value.shape).numbers(as: to)
  }
}
