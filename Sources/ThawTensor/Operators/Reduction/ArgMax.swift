import ThawKernels

/// Where the greatest element is along an axis, as int64 (ONNX ArgMax-1, 11, 12, 13); NaN counts as the greatest.
public struct ArgMax: ArgReduction {
  public var axis: Int
  public var keepDims: Bool
  public var selectsLast: Bool

  public init(axis: Int = 0, keepDims: Bool = true, selectsLast: Bool = false) {
    self.axis = axis
    self.keepDims = keepDims
    self.selectsLast = selectsLast
  }

  public static let schema = Schema.argReduction("ArgMax")
  static let function = ReductionFunction.argMaximum
}

extension Tensor {
  /// Where the greatest element is along an axis; see `ArgMax`.
  public func argMax(axis: Int, keepDims: Bool = false) -> Tensor {
    .catching { try apply(ArgMax(axis: axis, keepDims: keepDims), to: self) }
  }
}
