import ThawKernels
import ThawTypes

/// The sum of the squares along axes (ONNX ReduceSumSquare-1, 11, 13, 18).
public struct ReduceSumSquare: Reduction {
  public let options: ReductionOptions

  public init(options: ReductionOptions) { self.options = options }

  public static let schema = Schema.reduction(
    "ReduceSumSquare", versions: [1, 11, 13, 18], autogradName: "ReduceSumSquare")
  static let function = ReductionFunction.sumOfSquares
  static let axesInputSince = 18

  public func pullback(_ gradients: [Tensor?], saved: [Value?], needs: InputMask) throws -> [Tensor?] {
    guard let gradient = gradients[0] else { return [nil] }
    let x = try tensor(saved, 0, of: Self.schema)
    return [2 * x * (try spread(gradient, to: x.shapeTensor(), along: try reducedAxes(of: x, saved)))]
  }
}
