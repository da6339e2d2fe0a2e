import ThawKernels
import ThawTypes

/// The greatest element along axes (ONNX ReduceMax-1, 11, 12, 13, 18, 20).
///
/// Equal ones share the gradient, as in PyTorch's `amax`. Without elements it is the least number of the type.
public struct ReduceMax: Reduction {
  public let options: ReductionOptions

  public init(options: ReductionOptions) { self.options = options }

  public static let schema = Schema.reduction(
    "ReduceMax", versions: [1, 11, 12, 13, 18, 20], autogradName: "Amax")
  static let function = ReductionFunction.maximum
  static let axesInputSince = 18

  public func saved(_ inputs: [Value?], _ outputs: [Value?], needs: InputMask) -> [Value?] {
    [inputs[0], inputs.count > 1 ? inputs[1] : nil, outputs[0]]
  }

  public func pullback(_ gradients: [Tensor?], saved: [Value?], needs: InputMask) throws -> [Tensor?] {
    guard let gradient = gradients[0] else { return [nil] }
    return [try sharedByExtremes(gradient, saved)]
  }
}

extension Tensor {
  /// The greatest element along `axes`, or of all elements; see `ReduceMax`.
  public func max(axes: [Int]? = nil, keepDims: Bool = false) -> Tensor {
    .catching { try apply(ReduceMax(options: .init(keepDims: keepDims)), to: self, axes.map { Tensor($0) }) }
  }
}
