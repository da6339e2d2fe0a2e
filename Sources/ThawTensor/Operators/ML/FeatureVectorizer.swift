import ThawTypes

/// Features from several matrices side by side, in float32 (ONNX-ML FeatureVectorizer-1).
///
/// Of each input as many features are taken as `inputdimensions` says, zeros where there are fewer; a vector is one
/// sample.
public struct FeatureVectorizer: Composite {
  public var widths: [Int]

  public init(widths: [Int]) { self.widths = widths }

  public static let schema = Schema(
    "FeatureVectorizer", domain: .onnxML, versions: [1], inputs: [Input("X", variadic: true)], batch: .rowwise)

  public init(_ node: NodeReader) throws {
    let widths = try node.required("inputdimensions", try node.ints("inputdimensions"))
    guard widths.allSatisfy({ $0 >= 0 && $0 <= Int(Int32.max) }) else {
      throw TensorError(.operand, "\(node.name): the attribute inputdimensions holds \(widths)")
    }
    self.init(widths: widths)
  }

  public func attributes(opset: Int) throws -> [String: Attribute] { ["inputdimensions": .ints(widths)] }

  public func batchAxes(of batch: BatchLayout) -> [BatchAxis?] {
    let areRows = batch.inputs.indices.allSatisfy { batch[$0] == 0 && batch.shape($0).count == 2 }
    return areRows ? batch.all(0) : batch.mixed
  }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    guard inputs.count == widths.count, !inputs.isEmpty else {
      throw TensorError(
        .operand, "FeatureVectorizer: there are \(inputs.count) inputs, and widths for \(widths.count)")
    }
    let rows = try inputs.indices.map { index in
      try FeatureRows(try tensorType(inputs, index, of: Self.schema), in: Self.schema.name).rows
    }
    let counts = Set(rows.compactMap(\.value))
    guard counts.count <= 1 else {
      throw TensorError(
        .shape, "FeatureVectorizer: the inputs should have as many samples, and have \(counts.sorted())")
    }
    let row = counts.first.map(Dim.known) ?? (Set(rows).count == 1 ? rows[0] : .unknown)
    return [.tensor(TensorType(.float32, [row, .known(widths.reduce(0, +))]))]
  }

  public func body(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    _ = try outputTypes(inputs.map { $0?.type }, known: KnownValues())
    let parts = try widths.enumerated().map { index, width -> Tensor in
      let x = try tensor(inputs, index, of: Self.schema).featureRows(in: Self.schema.name).inSinglePrecision
      let own = x.shape[1]
      if own == width { return x }
      return own > width
        ? x.slice(starts: [0], ends: [width], axes: [1]) : x.padded([0, 0, 0, width - own])
    }
    return [.tensor(.concat(parts, axis: 1))]
  }
}
