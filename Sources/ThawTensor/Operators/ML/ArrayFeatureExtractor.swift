import ThawTypes

/// Entries of the last axis, by index (ONNX-ML ArrayFeatureExtractor-1).
///
/// Of a vector the result is a matrix with one row. Y is int64, of any shape; its elements count in a row.
public struct ArrayFeatureExtractor: Composite {
  public init() {}

  public static let schema = Schema(
    "ArrayFeatureExtractor", domain: .onnxML, versions: [1], inputs: [Input("X"), Input("Y", .index)],
    outputs: [Output("Z")], batch: .rowwise)

  public init(_ node: NodeReader) throws { self.init() }

  public func batchAxes(of batch: BatchLayout) -> [BatchAxis?] {
    batch.shape(0).count > 1 ? batch.kept(apartFrom: [-1]) : batch.mixed
  }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    let x = try tensorType(inputs, 0, of: Self.schema)
    let y = try tensorType(inputs, 1, of: Self.schema)
    guard y.dtype == .int64 else {
      throw TensorError(.dtype, "ArrayFeatureExtractor: Y is \(y), and should be of int64")
    }
    guard let dims = x.dims else { return [.tensor(x)] }
    guard !dims.isEmpty else {
      throw TensorError(.shape, "ArrayFeatureExtractor: X is a scalar, and should have an axis of features")
    }
    let count: Dim =
      y.dims.map { $0.count == 1 ? $0[0] : y.shape.flatMap { DType.elementCount(of: $0).map(Dim.known) } ?? .unknown }
      ?? .unknown
    return [.tensor(TensorType(x.dtype, (dims.count == 1 ? [.known(1)] : dims.dropLast()) + [count]))]
  }

  public func body(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let x = try tensor(inputs, 0, of: Self.schema)
    let y = try tensor(inputs, 1, of: Self.schema)
    _ = try outputTypes([.tensor(x.type), .tensor(y.type)], known: KnownValues())
    if x.dtype == .string { return [.tensor(try strings(x, y.integers()))] }
    let rows = x.rank == 1 ? x.unsqueezed(axes: [0]) : x
    return [.tensor(rows.gather(y.rank == 1 ? y : y.reshaped(to: [-1]), axis: -1))]
  }

  private func strings(_ x: Tensor, _ places: [Int]) throws -> Tensor {
    let width = x.shape[x.rank - 1]
    if let outside = places.first(where: { $0 < -width || $0 >= width }) {
      throw TensorError(
        .range, "ArrayFeatureExtractor: the index \(outside) is out of range for \(width) features")
    }
    let elements = try x.strings()
    let rows = width == 0 ? 0 : elements.count / width
    let picked = (0..<rows).flatMap { row in places.map { elements[row * width + ($0 < 0 ? $0 + width : $0)] } }
    return try Tensor(strings: picked, shape: (x.rank == 1 ? [1] : x.shape.dropLast()) + [places.count])
  }
}
