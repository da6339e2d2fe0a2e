import ThawKernels
import ThawTypes

/// A function of each element of a tensor, with one or two numbers as attributes; its derivative reads the input.
protocol ParametricUnary: Primitive {
  static var function: UnaryFunction { get }
  /// The numbers by which the kernel knows the function.
  var parameters: (alpha: Double, beta: Double) { get }
  /// The gradient of the input, from that of the output and the input.
  func pullback(_ gradient: Tensor, at x: Tensor) -> Tensor
}

extension ParametricUnary {
  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    [.tensor(try tensorType(inputs, 0, of: Self.schema))]
  }

  public func forward(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let (alpha, beta) = parameters
    return [.tensor(try elementwise(Self.function, try tensor(inputs, 0, of: Self.schema), alpha: alpha, beta: beta))]
  }

  public func saved(_ inputs: [Value?], _ outputs: [Value?], needs: InputMask) -> [Value?] { [inputs[0]] }

  public func pullback(_ gradients: [Tensor?], saved: [Value?], needs: InputMask) throws -> [Tensor?] {
    [try gradients[0].map { pullback($0, at: try tensor(saved, 0, of: Self.schema)) }]
  }
}

extension Tensor {
  /// These elements where they are negative, 0 elsewhere: exponentials of it never overflow.
  var negativePart: Tensor { .where(self .> 0, 0, self) }
}
