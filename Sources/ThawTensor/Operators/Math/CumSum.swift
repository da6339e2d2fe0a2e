import ThawTypes

/// The sums of the elements so far along an axis (ONNX CumSum-11, 14).
public struct CumSum: Cumulation {
  public var exclusive: Bool
  public var reverse: Bool

  public init(exclusive: Bool = false, reverse: Bool = false) {
    self.exclusive = exclusive
    self.reverse = reverse
  }

  public static let schema = Schema.cumulation("CumSum", versions: [11, 14])
  static let isProduct = false

  public func saved(_ inputs: [Value?], _ outputs: [Value?], needs: InputMask) -> [Value?] { [inputs[1]] }

  /// An element's gradient is the sum of those of the results that hold it.
  public func pullback(_ gradients: [Tensor?], saved: [Value?], needs: InputMask) throws -> [Tensor?] {
    guard let gradient = gradients[0] else { return [nil, nil] }
    let axis = try tensor(saved, 0, of: Self.schema)
    return [try apply(CumSum(exclusive: exclusive, reverse: !reverse), to: gradient, axis), nil]
  }
}

extension Tensor {
  /// The sums of the elements so far along `axis`; see `CumSum`.
  public func cumulativeSum(axis: Int, exclusive: Bool = false, reverse: Bool = false) -> Tensor {
    .catching { try apply(CumSum(exclusive: exclusive, reverse: reverse), to: self, Tensor(axis)) }
  }
}
