import ThawKernels
import ThawTypes

/// The logarithm of the sum of the exponentials along axes (ONNX ReduceLogSumExp-1, 11, 13, 18, 28).
public struct ReduceLogSumExp: Reduction {
  public let options: ReductionOptions

  public init(options: ReductionOptions) { self.options = options }

  public static let schema = Schema.reduction(
    "ReduceLogSumExp", versions: [1, 11, 13, 18, 28], autogradName: "Logsumexp")
  static let function = ReductionFunction.logSumExp
  static let axesInputSince = 18

  public func saved(_ inputs: [Value?], _ outputs: [Value?], needs: InputMask) -> [Value?] {
    [inputs[0], inputs.count > 1 ? inputs[1] : nil, outputs[0]]
  }

  public func pullback(_ gradients: [Tensor?], saved: [Value?], needs: InputMask) throws -> [Tensor?] {
    guard let gradient = gradients[0] else { return [nil] }
    let x = try tensor(saved, 0, of: Self.schema)
    let axes = try reducedAxes(of: x, saved)
    let shape = x.shapeTensor()
    let y = try spread(try tensor(saved, 2, of: Self.schema), to: shape, along: axes)
    return [try spread(gradient, to: shape, along: axes) * (x - y).exp()]
  }
}

extension Tensor {
  /// The logarithm of the sum of the exponentials along `axes`, or of all elements; see `ReduceLogSumExp`.
  public func logSumExp(axes: [Int]? = nil, keepDims: Bool = false) -> Tensor {
    .catching { try apply(ReduceLogSumExp(options: .init(keepDims: keepDims)), to: self, axes.map { Tensor($0) }) }
  }
}
