import ThawTypes

/// Features shifted, then scaled, in float32 (ONNX-ML Scaler-1).
///
/// Offset and scale have one number for each feature, or one for all. Of float64 features it is computed in float64.
public struct Scaler: Composite {
  public let offset: Bulk<[Float]>
  public let scale: Bulk<[Float]>

  public init(offset: [Float], scale: [Float]) {
    self.offset = Bulk(offset)
    self.scale = Bulk(scale)
  }

  public static let schema = Schema(
    "Scaler", domain: .onnxML, versions: [1], inputs: [Input("X")], batch: .rowwise)

  public init(_ node: NodeReader) throws {
    let offset = try node.required("offset", try node.floats("offset"))
    let scale = try node.required("scale", try node.floats("scale"))
    if let error = TensorError.lengths(node.name, [("offset", offset.count), ("scale", scale.count)]) { throw error }
    self.init(offset: offset, scale: scale)
  }

  public func attributes(opset: Int) throws -> [String: Attribute] {
    ["offset": .floats(offset.contents), "scale": .floats(scale.contents)]
  }

  public func batchAxes(of batch: BatchLayout) -> [BatchAxis?] { batch.rowsOfFeatures() }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    let x = try tensorType(inputs, 0, of: Self.schema)
    if scale.contents.count != 1 {
      try FeatureRows(x, in: "Scaler").check(features: scale.contents.count, in: "Scaler")
    }
    return [.tensor(TensorType(.float32, x.dims))]
  }

  public func body(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let x = try tensor(inputs, 0, of: Self.schema)
    _ = try outputTypes([.tensor(x.type)], known: KnownValues())
    return [.tensor(try scaled(x).inSinglePrecision)]
  }

  /// The result in the precision that it is computed in.
  func scaled(_ x: Tensor) throws -> Tensor {
    let numbers = x.dtype == .float64 || x.dtype == .float32 ? x : x.cast(to: .float32)
    func vector(_ values: [Float]) throws -> Tensor {
      try Tensor(copying: values, shape: nil).numbers(as: numbers.dtype)
    }
    return (numbers - (try vector(offset.contents))) * (try vector(scale.contents))
  }
}
