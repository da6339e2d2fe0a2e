import ThawKernels
import ThawTypes

/// The mean along axes (ONNX ReduceMean-1, 11, 13, 18).
public struct ReduceMean: Reduction {
  public let options: ReductionOptions

  public init(options: ReductionOptions) { self.options = options }

  public static let schema = Schema.reduction(
    "ReduceMean", versions: [1, 11, 13, 18], autogradName: "Mean")
  static let function = ReductionFunction.mean
  static let axesInputSince = 18

  public func saved(_ inputs: [Value?], _ outputs: [Value?], needs: InputMask) -> [Value?] { savedShape(of: inputs) }

  public func pullback(_ gradients: [Tensor?], saved: [Value?], needs: InputMask) throws -> [Tensor?] {
    guard let gradient = gradients[0] else { return [nil] }
    let (shape, axes) = try savedShape(saved)
    let count = shape.gather(Tensor(axes)).product().cast(to: gradient.dtype)
    return [try spread(gradient / count, to: shape, along: axes)]
  }
}

extension Tensor {
  /// The mean along `axes`, or of all elements; see `ReduceMean`.
  public func mean(axes: [Int]? = nil, keepDims: Bool = false) -> Tensor {
    .catching { try apply(ReduceMean(options: .init(keepDims: keepDims)), to: self, axes.map { Tensor($0) }) }
  }
}
