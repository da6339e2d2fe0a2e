import ThawKernels
import ThawTypes

/// The least element along axes (ONNX ReduceMin-1, 11, 12, 13, 18, 20).
///
/// Equal ones share the gradient, as in PyTorch's `amin`. Without elements it is the greatest number of the type.
public struct ReduceMin: Reduction {
  public let options: ReductionOptions

  public init(options: ReductionOptions) { self.options = options }

  public static let schema = Schema.reduction(
    "ReduceMin", versions: [1, 11, 12, 13, 18, 20], autogradName: "Amin")
  static let function = ReductionFunction.minimum
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
  /// The least element along `axes`, or of all elements; see `ReduceMin`.
  public func min(axes: [Int]? = nil, keepDims: Bool = false) -> Tensor {
    .catching { try apply(ReduceMin(options: .init(keepDims: keepDims)), to: self, axes.map { Tensor($0) }) }
  }
}
