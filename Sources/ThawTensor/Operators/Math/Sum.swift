import ThawKernels

/// The sum of any number of tensors (ONNX Sum-1, 6, 8, 13).
public struct Sum: ElementwiseVariadic {
  public init() {}

  public static let schema = Schema.variadic("Sum", versions: [1, 6, 8, 13], output: "sum", autogradName: "Add")
  static let function = BinaryFunction.add

  public func saved(_ inputs: [Value?], _ outputs: [Value?], needs: InputMask) -> [Value?] { inputs.map { _ in nil } }

  public func pullback(_ gradients: [Tensor?], saved: [Value?], needs: InputMask) throws -> [Tensor?] {
    saved.map { _ in gradients[0] }
  }
}
