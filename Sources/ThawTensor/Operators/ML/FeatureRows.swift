import ThawTypes

/// A matrix of samples and features, as the operators of classical machine learning take it; a vector is one sample.
struct FeatureRows {
  let dtype: DType
  /// The number of samples.
  let rows: Dim
  /// The number of features; unknown where the rank is.
  let features: Dim

  /// - Throws: `TensorError` of kind `dtype` or `shape` when a tensor of this type is no such matrix.
  init(_ type: TensorType, in name: String) throws {
    guard [.float32, .float64, .float16, .int32, .int64].contains(type.dtype) else {
      throw TensorError(
        .dtype, "\(name): X is \(type), and should be of float32, float64, float16, int32 or int64")
    }
    dtype = type.dtype
    switch type.dims?.count {
    case nil: (rows, features) = (.unknown, .unknown)
    case 1?: (rows, features) = (.known(1), type.dims?[0] ?? .unknown)
    case 2?: (rows, features) = (type.dims?[0] ?? .unknown, type.dims?[1] ?? .unknown)
    default:
      throw TensorError(.shape, "\(name): X is \(type), and should have samples and features, or be one sample")
    }
  }

  /// - Throws: `TensorError` of kind `shape` when the number of features is known and another.
  func check(features count: Int, in name: String) throws {
    if let known = features.value, known != count {
      throw TensorError(.shape, "\(name): X has \(known) features, and the attributes are for \(count)")
    }
  }
}

extension Tensor {
  /// The matrix of samples and features, in float32 or, where the numbers are of that type or it is asked for, float64.
  func featureRows(in name: String, as dtype: DType? = nil) throws -> Tensor {
    _ = try FeatureRows(type, in: name)
    let dtype = dtype ?? (self.dtype == .float64 ? .float64 : .float32)
    let numbers = self.dtype == dtype ? self : cast(to: dtype)
    return rank == 1 ? numbers.unsqueezed(axes: [0]) : numbers
  }

  /// These numbers in float32.
  var inSinglePrecision: Tensor { dtype == .float32 ? self : cast(to: .float32) }
}

extension BatchLayout {
  /// Each sample by itself, unless the first input is a vector: one sample.
  func rowsOfFeatures() -> [BatchAxis?] { shape(0).count == 2 ? rowwise() : mixed }
}
