import ThawTypes

/// The values that a map has for the keys of a vocabulary, `[1, keys]` (ONNX-ML DictVectorizer-1).
///
/// A key that the map has not gives 0, or an empty string; one that the vocabulary has not is left out.
public struct DictVectorizer: Primitive {
  public let vocabulary: Bulk<ClassLabels>

  public init(_ vocabulary: ClassLabels) { self.vocabulary = Bulk(vocabulary) }

  public static let schema = Schema(
    "DictVectorizer", domain: .onnxML, versions: [1], inputs: [Input("X", .index)], batch: .mixing,
    differentiability: .never(because: "its input is a map"))

  public init(_ node: NodeReader) throws {
    self.init(try node.classLabels(integers: "int64_vocabulary", strings: "string_vocabulary"))
  }

  public func attributes(opset: Int) throws -> [String: Attribute] {
    vocabulary.contents.attributes(integers: "int64_vocabulary", strings: "string_vocabulary")
  }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    let (key, value) = try mapTypes(inputs, of: Self.schema)
    guard key == vocabulary.contents.dtype else {
      throw TensorError(
        .dtype, "DictVectorizer: the map's keys are \(key), and the vocabulary's \(vocabulary.contents.dtype)")
    }
    return [.tensor(TensorType(value, shape: [1, vocabulary.contents.count]))]
  }

  public func forward(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let types = try outputTypes(inputs.map { $0?.type }, known: KnownValues())
    guard case .map(let map)? = inputs[0], let type = types[0].tensor else {
      throw TensorError(.internal, "DictVectorizer got another value than its type says")
    }
    let places = Dictionary(zip(try LabelList(map.keys, of: "X", in: "DictVectorizer").labels, map.values)) { $1 }
    let empty =
      type.dtype == .string
      ? try Tensor(strings: [[]], shape: []) : try Tensor.scalar(0, dtype: type.dtype)
    let found = vocabulary.contents.list.labels.map { places[$0]?.tensor ?? empty }
    return [.tensor(try Self.joined(found, type.dtype, shape: [1, found.count]))]
  }

  /// Scalars side by side.
  static func joined(_ scalars: [Tensor], _ dtype: DType, shape: [Int]) throws -> Tensor {
    if dtype == .string { return try Tensor(strings: scalars.flatMap { try $0.strings() }, shape: shape) }
    if dtype == .int64 { return try Tensor(copying: scalars.flatMap { try $0.elements(as: Int.self) }, shape: shape) }
    return try Tensor(copying: scalars.flatMap { try $0.elements(as: Double.self) }, shape: shape).numbers(as: dtype)
  }
}

/// The key type and the value type of an operator's first input, a map to single values.
///
/// - Throws: `TensorError` of kind `operand` when it is something else.
func mapTypes(_ inputs: [ValueType?], of schema: Schema) throws -> (key: DType, value: DType) {
  guard case .map(let key, let value)?? = inputs.first, let element = value.tensor else {
    let found = inputs.first.flatMap { $0.map { "\($0)" } } ?? "missing"
    throw TensorError(.operand, "\(schema.name): X should be a map to single values and is \(found)")
  }
  return (key, element.dtype)
}
