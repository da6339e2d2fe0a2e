import ThawTypes

/// A map from labels to scores for each sample (ONNX-ML ZipMap-1).
///
/// Float32 scores `[samples, labels]`, or `[labels]` of one sample, give a sequence of maps.
public struct ZipMap: Primitive {
  public let labels: Bulk<ClassLabels>

  public init(_ labels: ClassLabels) { self.labels = Bulk(labels) }

  public static let schema = Schema(
    "ZipMap", domain: .onnxML, versions: [1], inputs: [Input("X")], outputs: [Output("Z")], batch: .mixing,
    differentiability: .never(because: "its result is maps"))

  public init(_ node: NodeReader) throws {
    self.init(try node.classLabels(integers: "classlabels_int64s", strings: "classlabels_strings"))
  }

  public func attributes(opset: Int) throws -> [String: Attribute] {
    labels.contents.attributes(integers: "classlabels_int64s", strings: "classlabels_strings")
  }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    let x = try tensorType(inputs, 0, of: Self.schema)
    guard x.dtype == .float32 else { throw TensorError(.dtype, "ZipMap: X is \(x), and should be of float32") }
    try FeatureRows(x, in: Self.schema.name).check(features: labels.contents.count, in: Self.schema.name)
    return [.sequence(.map(key: labels.contents.dtype, value: Self.score))]
  }

  private static let score = ValueType.tensor(TensorType(.float32, []))

  public func forward(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let x = try tensor(inputs, 0, of: Self.schema)
    _ = try outputTypes([.tensor(x.type)], known: KnownValues())
    let scores = try x.contiguous()
    let width = labels.contents.count
    let keys = try labels.contents.labels(of: Array(0..<width), shape: [width])
    let maps = try (0..<scores.count / width).map { row -> Value in
      let values = try (0..<width).map { column in
        Value.tensor(try scores.view(shape: [], strides: [], offsetBy: row * width + column))
      }
      return .map(MapValue(keys: keys, values: values, valueType: Self.score))
    }
    return [.sequence(maps, of: .map(key: keys.dtype, value: Self.score))]
  }
}
