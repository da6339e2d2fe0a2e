import ThawTypes

extension Tensor {
  /// This tensor in memory shown as one of `shape`, which it broadcasts to.
  func broadcast(to shape: [Int]) throws -> Tensor {
    guard DType.elementCount(of: shape) != nil, Shapes.broadcast(self.shape, shape) == shape else {
      throw TensorError(.shape, "a tensor of shape \(self.shape) does not broadcast to \(shape)")
    }
    return try view(shape: shape, strides: try strides(broadcastTo: shape))
  }

  /// A setting in memory (a bound, a filling) as a scalar of the data's type.
  ///
  /// Older versions of operators write settings as float attributes, whatever the data's type is; those are converted.
  func setting(as dtype: DType, in name: String) throws -> Tensor {
    try checkSetting(as: dtype, in: name)
    return try numbers(as: dtype).contiguous().view(shape: [], strides: [])
  }

  /// A setting as a scalar of the data's type, for pullbacks.
  func settingScalar(as dtype: DType) -> Tensor {
    let cast = self.dtype == dtype ? self : self.cast(to: dtype)
    return rank == 0 ? cast : cast.reshaped(to: [] as [Int])
  }

  private func checkSetting(as dtype: DType, in name: String) throws {
    guard count == 1 else {
      throw TensorError(.shape, "\(name): a setting should be one number, and one has the shape \(shape)")
    }
    guard self.dtype == dtype || (self.dtype.isFloatingPoint && dtype.isFloatingPoint) else {
      throw TensorError(
        .dtype, "\(name): the data is \(dtype) and a setting \(self.dtype): cast one with Cast (cast(to:))")
    }
  }
}
