import ThawKernels
import ThawTypes

/// The product along axes (ONNX ReduceProd-1, 11, 13, 18).
///
/// The gradient and its own derivative are right where elements are 0; see `productOfOthers`.
public struct ReduceProd: Reduction {
  public let options: ReductionOptions

  public init(options: ReductionOptions) { self.options = options }

  public static let schema = Schema.reduction(
    "ReduceProd", versions: [1, 11, 13, 18], autogradName: "Prod")
  static let function = ReductionFunction.product
  static let axesInputSince = 18

  public func pullback(_ gradients: [Tensor?], saved: [Value?], needs: InputMask) throws -> [Tensor?] {
    guard let gradient = gradients[0] else { return [nil] }
    let x = try tensor(saved, 0, of: Self.schema)
    let axes = try reducedAxes(of: x, saved)
    let shape = x.shapeTensor()
    guard !axes.isEmpty else { return [gradient] }
    let others = try productOfOthers(
      x, total: { $0.sum(axes: axes, keepDims: true).expanded(to: shape) },
      product: { $0.product(axes: axes, keepDims: true).expanded(to: shape) })
    return [try spread(gradient, to: shape, along: axes) * others]
  }
}

extension Tensor {
  /// The product along `axes`, or of all elements; see `ReduceProd`.
  public func product(axes: [Int]? = nil, keepDims: Bool = false) -> Tensor {
    .catching { try apply(ReduceProd(options: .init(keepDims: keepDims)), to: self, axes.map { Tensor($0) }) }
  }
}
