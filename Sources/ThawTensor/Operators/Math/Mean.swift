import ThawKernels
import ThawTypes

/// The mean of any number of tensors, element by element (ONNX Mean-1, 6, 8, 13).
public struct Mean: ElementwiseVariadic {
  public init() {}

  public static let schema = Schema.variadic("Mean", versions: [1, 6, 8, 13], output: "mean")
  static let function = BinaryFunction.add

  public func forward(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let sum = try folded(inputs)
    let count = try Tensor.scalar(Double(inputs.count), dtype: sum.dtype)
    return [.tensor(try elementwise(.divide, sum, count, in: "Mean"))]
  }

  public func saved(_ inputs: [Value?], _ outputs: [Value?], needs: InputMask) -> [Value?] { inputs.map { _ in nil } }

  public func pullback(_ gradients: [Tensor?], saved: [Value?], needs: InputMask) throws -> [Tensor?] {
    let share = gradients[0].map { $0 / saved.count }
    return saved.map { _ in share }
  }
}
