import ThawKernels
import ThawTypes

/// The square root of the sum of the squares along axes (ONNX ReduceL2-1, 11, 13, 18).
///
/// The gradient where all elements are 0 is 0, as in PyTorch.
public struct ReduceL2: Reduction {
  public let options: ReductionOptions

  public init(options: ReductionOptions) { self.options = options }

  public static let schema = Schema.reduction(
    "ReduceL2", versions: [1, 11, 13, 18], autogradName: "LinalgVectorNorm")
  static let function = ReductionFunction.l2
  static let axesInputSince = 18

  public func saved(_ inputs: [Value?], _ outputs: [Value?], needs: InputMask) -> [Value?] {
    [inputs[0], inputs.count > 1 ? inputs[1] : nil, outputs[0]]
  }

  public func pullback(_ gradients: [Tensor?], saved: [Value?], needs: InputMask) throws -> [Tensor?] {
    guard let gradient = gradients[0] else { return [nil] }
    let x = try tensor(saved, 0, of: Self.schema)
    let norm = try tensor(saved, 2, of: Self.schema)
    let scaled = gradient / .where(norm .== 0, 1, norm)
    return [x * (try spread(scaled, to: x.shapeTensor(), along: try reducedAxes(of: x, saved)))]
  }
}
