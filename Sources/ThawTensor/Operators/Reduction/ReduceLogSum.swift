import ThawKernels
import ThawTypes

/// The logarithm of the sum along axes (ONNX ReduceLogSum-1, 11, 13, 18, 28).
public struct ReduceLogSum: Reduction {
  public let options: ReductionOptions

  public init(options: ReductionOptions) { self.options = options }

  public static let schema = Schema.reduction(
    "ReduceLogSum", versions: [1, 11, 13, 18, 28], autogradName: "Log")
  static let function = ReductionFunction.logSum
  static let axesInputSince = 18

  public func saved(_ inputs: [Value?], _ outputs: [Value?], needs: InputMask) -> [Value?] {
    savedShape(of: inputs) + [outputs[0]]
  }

  public func pullback(_ gradients: [Tensor?], saved: [Value?], needs: InputMask) throws -> [Tensor?] {
    guard let gradient = gradients[0] else { return [nil] }
    let (shape, axes) = try savedShape(saved)
    let y = try tensor(saved, 2, of: Self.schema)
    return [try spread(gradient * (-y).exp(), to: shape, along: axes)]
  }
}
