import ThawKernels
import ThawTypes

/// How LayerNormalization and its gradient see a tensor: rows, from an axis to the end.
struct LayerRows {
  let rows: Int
  let columns: Int
  /// The shape of one row.
  let rowShape: [Int]
  /// The axes before the row's.
  let outerAxes: [Int]
  let statisticsShape: [Int]

  init(_ shape: [Int], axis: Int, in name: String) throws {
    let first = try Shapes.normalize(axis: axis, rank: shape.count, in: name)
    rowShape = Array(shape[first...])
    guard let rows = DType.elementCount(of: shape[..<first]), let columns = DType.elementCount(of: rowShape) else {
      throw TensorError(.memory, "\(name): a tensor of shape \(shape) is larger than any memory")
    }
    (self.rows, self.columns) = (rows, columns)
    outerAxes = Array(0..<first)
    statisticsShape = shape[..<first] + rowShape.map { _ in 1 }
  }

  func request(
    _ direction: PassDirection, dtype: DType, epsilon: Float, hasBias: Bool = false
  ) -> LayerNormalizationRequest {
    LayerNormalizationRequest(
      direction: direction, dtype: dtype, rows: rows, columns: columns, epsilon: Double(epsilon), hasBias: hasBias)
  }

  /// A weight as one number per column.
  func vector(_ weight: Tensor, as dtype: DType) throws -> Tensor {
    try weight.asType(dtype).expanded(to: rowShape).contiguous()
  }

  /// Weights broadcast to a row; ONNX would also let them differ from row to row.
  static func check(_ x: TensorType, weights: [TensorType?], axis: Int, in name: String) throws {
    guard x.dtype.isFloatingPoint else {
      throw TensorError(.dtype, "\(name): X is \(x), and only floating-point numbers are normalized")
    }
    guard let dims = x.dims else { return }
    let row = Array(dims[try Shapes.normalize(axis: axis, rank: dims.count, in: name)...])
    for case let weight? in weights {
      guard weight.dtype == x.dtype else {
        throw TensorError(
          .dtype, "\(name): X is \(x.dtype) and a weight \(weight.dtype): cast one with Cast (cast(to:))")
      }
      guard let shape = weight.dims else { continue }
      let sizes = TensorType(x.dtype, row).shape
      let fits = sizes.map { sizes in
        TensorType(x.dtype, shape).shape.map { Shapes.broadcast($0, sizes) == sizes } ?? (shape.count <= row.count)
      }
      guard fits ?? (shape.count <= row.count) else {
        throw TensorError(
          .unsupported,
          "\(name): a weight is \(weight), and should broadcast to a row of X, which has shape "
            + "[\(row.map(\.description).joined(separator: ", "))]")
      }
    }
  }

  /// Samples stay apart before the row's axes, where the weights do not differ from row to row.
  static func batchAxes(of batch: BatchLayout, axis: Int) -> [BatchAxis?] {
    guard let place = batch[0] else { return batch.mixed }
    let distance = batch.shape(0).count - place
    let isApart = batch.inputs.indices.dropFirst().allSatisfy { batch.isSame($0, fromEnd: distance) }
    return isApart ? batch.kept(before: axis) : batch.mixed
  }

  /// The type of mean and inverse deviation.
  static func statisticsType(of dtype: DType) -> DType { dtype == .float64 ? .float64 : .float32 }
}
