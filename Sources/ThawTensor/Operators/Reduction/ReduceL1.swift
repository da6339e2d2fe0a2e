import ThawKernels
import ThawTypes

/// The sum of the magnitudes along axes (ONNX ReduceL1-1, 11, 13, 18).
public struct ReduceL1: Reduction {
  public let options: ReductionOptions

  public init(options: ReductionOptions) { self.options = options }

  public static let schema = Schema.reduction(
    "ReduceL1", versions: [1, 11, 13, 18], autogradName: "ReduceL1")
  static let function = ReductionFunction.l1
  static let axesInputSince = 18

  public func pullback(_ gradients: [Tensor?], saved: [Value?], needs: InputMask) throws -> [Tensor?] {
    guard let gradient = gradients[0] else { return [nil] }
    let x = try tensor(saved, 0, of: Self.schema)
    return [try spread(gradient, to: x.shapeTensor(), along: try reducedAxes(of: x, saved)) * x.sign()]
  }
}
