import ThawKernels

/// The sum along axes (ONNX ReduceSum-1, 11, 13).
public struct ReduceSum: Reduction {
  public let options: ReductionOptions

  public init(options: ReductionOptions) { self.options = options }

  public static let schema = Schema.reduction("ReduceSum", versions: [1, 11, 13], autogradName: "Sum")
  static let function = ReductionFunction.sum
  static let axesInputSince = 13

  public func pullback(_ gradients: [Tensor?], saved: [Value?], needs: InputMask) throws -> [Tensor?] {
    guard let gradient = gradients[0] else { return [nil] }
    let (shape, axes) = try savedShape(saved)
    return [try spread(gradient, to: shape, along: axes)]
  }

  public func saved(_ inputs: [Value?], _ outputs: [Value?], needs: InputMask) -> [Value?] { savedShape(of: inputs) }
}

extension Tensor {
  /// The sum along `axes`, or of all elements; see `ReduceSum`.
  public func sum(axes: [Int]? = nil, keepDims: Bool = false) -> Tensor {
    .catching { try apply(ReduceSum(options: .init(keepDims: keepDims)), to: self, axes.map { Tensor($0) }) }
  }
}
