import ThawTypes

/// New values for weights, as PyTorch's `torch.nn.init` draws them.
extension RandomGenerator {
  /// He initialization: uniform in ±√(6 / ((1 + slope²) · fan-in)).
  ///
  /// With the default slope √5 the bound is 1/√fan-in, which PyTorch's Linear and Conv layers start from. (He et al.,
  /// "Delving Deep into Rectifiers", 2015.)
  ///
  /// - Parameters:
  ///   - shape: `[out, in, …]`, as Linear and Conv weights have it: fan-in is the product of all but the first.
  ///   - slope: that of the leaky rectifier behind the layer, on its negative side.
  /// - Throws: `TensorError` of kind `shape` for fewer than two axes, and as `uniform(_:from:to:dtype:)`.
  public func kaimingUniform(
    _ shape: [Int], slope: Double = 5.0.squareRoot(), dtype: DType = .float32
  ) throws -> Tensor {
    let (fanIn, _) = try Self.fans(of: shape)
    let bound = (6 / ((1 + slope * slope) * fanIn)).squareRoot()
    return try uniform(shape, from: -bound, to: bound, dtype: dtype)
  }

  /// Glorot initialization: uniform in ±gain · √(6 / (fan-in + fan-out)).
  ///
  /// (Glorot and Bengio, "Understanding the difficulty of training deep feedforward neural networks", 2010.)
  ///
  /// - Parameter shape: see `kaimingUniform(_:slope:dtype:)`; fan-out is the product of all but the second.
  /// - Throws: as `kaimingUniform(_:slope:dtype:)`.
  public func xavierUniform(_ shape: [Int], gain: Double = 1, dtype: DType = .float32) throws -> Tensor {
    let (fanIn, fanOut) = try Self.fans(of: shape)
    let bound = gain * (6 / (fanIn + fanOut)).squareRoot()
    return try uniform(shape, from: -bound, to: bound, dtype: dtype)
  }

  /// The numbers of weights that meet in an output, and that an input meets; at least 1.
  private static func fans(of shape: [Int]) throws -> (fanIn: Double, fanOut: Double) {
    guard shape.count >= 2, DType.elementCount(of: shape) != nil else {
      throw TensorError(.shape, "a weight should have two axes or more, [out, in, …], and its shape is \(shape)")
    }
    let field = shape.dropFirst(2).reduce(1, *)
    return (Double(max(shape[1] * field, 1)), Double(max(shape[0] * field, 1)))
  }
}
