import ThawKernels
import ThawTypes

/// The product along axes (ONNX ReduceProd-1, 11, 13, 18).
///
/// The gradient is right where elements are 0; its own derivative takes those zeros for constants.
public struct ReduceProd: Reduction {
  public let options: ReductionOptions

  public init(options: ReductionOptions) { self.options = options }

  public static let schema = Schema.reduction(
    "ReduceProd", versions: [1, 11, 13, 18], autogradName: "Prod")
  static let function = ReductionFunction.product
  static let axesInputSince = 18

  public func saved(_ inputs: [Value?], _ outputs: [Value?], needs: InputMask) -> [Value?] {
    [inputs[0], inputs.count > 1 ? inputs[1] : nil]
  }

  public func pullback(_ gradients: [Tensor?], saved: [Value?], needs: InputMask) throws -> [Tensor?] {
    guard let gradient = gradients[0] else { return [nil] }
    let x = try tensor(saved, 0, of: Self.schema)
    let axes = try reducedAxes(of: x, saved)
    let shape = x.shapeTensor()
    let isZero = (x .== 0).cast(to: x.dtype)
    let zeros = isZero.sum(axes: axes, keepDims: true).expanded(to: shape)
    // The product of the other elements: of all that are not 0, unless another one is.
    let safe = Tensor.where(x .== 0, 1, x)
    let others = safe.product(axes: axes, keepDims: true) / safe
    return [try spread(gradient, to: shape, along: axes) * .where(zeros .== isZero, others, 0)]
  }
}

extension Tensor {
  /// The product along `axes`, or of all elements; see `ReduceProd`.
  public func product(axes: [Int]? = nil, keepDims: Bool = false) -> Tensor {
    .catching { try apply(ReduceProd(options: .init(keepDims: keepDims)), to: self, axes.map { Tensor($0) }) }
  }
}
