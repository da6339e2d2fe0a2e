import ThawTypes

/// The products of the elements so far along an axis (ONNX CumProd-26).
public struct CumProd: Cumulation {
  public var exclusive: Bool
  public var reverse: Bool

  public init(exclusive: Bool = false, reverse: Bool = false) {
    self.exclusive = exclusive
    self.reverse = reverse
  }

  public static let schema = Schema.cumulation("CumProd", versions: [26])
  static let isProduct = true

  public func saved(_ inputs: [Value?], _ outputs: [Value?], needs: InputMask) -> [Value?] { [inputs[0], inputs[1]] }

  /// An element's gradient is Σ dy times the product of the others, which nothing is divided for: zeros need no care.
  ///
  /// The memory it takes grows with the square of the axis.
  public func pullback(_ gradients: [Tensor?], saved: [Value?], needs: InputMask) throws -> [Tensor?] {
    guard let gradient = gradients[0] else { return [nil, nil] }
    let x = try tensor(saved, 0, of: Self.schema)
    let axis = try axis(try tensor(saved, 1, of: Self.schema), rank: x.rank)
    // Along a new axis before it, the element that is left out.
    let length = x.shapeTensor().gather(Tensor(axis))
    let places = Tensor.range(length)
    let after = [Int](repeating: 1, count: x.rank - 1 - axis)
    let left = places.reshaped(to: [-1, 1] + after)
    let right = places.reshaped(to: [-1] + after)
    let others = Tensor.where(left .== right, 1, x.unsqueezed(axes: [axis]))
    let products = try apply(self, to: others, Tensor(axis + 1))
    let isHeld =
      switch (reverse, exclusive) {
      case (false, false): left .<= right
      case (false, true): left .< right
      case (true, false): left .>= right
      case (true, true): left .> right
      }
    let parts = Tensor.where(isHeld, gradient.unsqueezed(axes: [axis]) * products, 0)
    return [parts.sum(axes: [axis + 1]), nil]
  }
}

extension Tensor {
  /// The products of the elements so far along `axis`; see `CumProd`.
  public func cumulativeProduct(axis: Int, exclusive: Bool = false, reverse: Bool = false) -> Tensor {
    .catching { try apply(CumProd(exclusive: exclusive, reverse: reverse), to: self, Tensor(axis)) }
  }
}
