import ThawTensor

/// A body written in Swift, for samples.
public final class SwiftBody: Subgraph {
  public let inputTypes: [ValueType?]
  public let outputTypes: [ValueType?]
  public let capturedNames: [String]
  /// The samples' bodies are functions.
  public let draws = false
  private let function: @Sendable ([Tensor], [Tensor]) -> [Tensor]

  /// - Parameter function: from the inputs and the captured values.
  public init(
    inputs: [TensorType] = [], captures: Int = 0, outputs: [TensorType],
    _ function: @escaping @Sendable ([Tensor], [Tensor]) -> [Tensor]
  ) {
    inputTypes = inputs.map(ValueType.tensor)
    outputTypes = outputs.map(ValueType.tensor)
    capturedNames = (0..<captures).map { "captured\($0)" }
    self.function = function
  }

  public func call(_ inputs: [Value], captured: [Value]) throws -> [Value] {
    let (inputs, captured) = (inputs.compactMap(\.tensor), captured.compactMap(\.tensor))
    guard inputs.count == inputTypes.count, captured.count == capturedNames.count else {
      throw TensorError(.dtype, "the sample's body takes tensors only")
    }
    return function(inputs, captured).map(Value.tensor)
  }
}

extension TensorType {
  /// Of no size that is declared.
  static let floats = TensorType(.float32, nil)
  static let bool = TensorType(.bool, [])
}
