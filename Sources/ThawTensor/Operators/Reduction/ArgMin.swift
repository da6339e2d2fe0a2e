import ThawKernels

/// Where the least element is along an axis, as int64 (ONNX ArgMin-1, 11, 12, 13); NaN counts as the least.
public struct ArgMin: ArgReduction {
  public var axis: Int
  public var keepDims: Bool
  public var selectsLast: Bool

  public init(axis: Int = 0, keepDims: Bool = true, selectsLast: Bool = false) {
    self.axis = axis
    self.keepDims = keepDims
    self.selectsLast = selectsLast
  }

  public static let schema = Schema.argReduction("ArgMin")
  static let function = ReductionFunction.argMinimum
}

extension Tensor {
  /// Where the least element is along an axis; see `ArgMin`.
  public func argMin(axis: Int, keepDims: Bool = false) -> Tensor {
    .catching { try apply(ArgMin(axis: axis, keepDims: keepDims), to: self) }
  }
}
