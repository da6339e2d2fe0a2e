import Foundation
import ThawTypes

/// How numbers are distributed.
public enum Distribution: Hashable, Sendable {
  case uniform(low: Float, high: Float)
  case normal(mean: Float, scale: Float)

  static func uniform(_ node: NodeReader) throws -> Distribution {
    .uniform(low: try node.float("low", default: 0), high: try node.float("high", default: 1))
  }

  static func normal(_ node: NodeReader) throws -> Distribution {
    .normal(mean: try node.float("mean", default: 0), scale: try node.float("scale", default: 1))
  }

  var attributes: [String: Attribute] {
    switch self {
    case .uniform(let low, let high): ["low": .float(low), "high": .float(high)]
    case .normal(let mean, let scale): ["mean": .float(mean), "scale": .float(scale)]
    }
  }

  /// Numbers of a floating type.
  func numbers(_ shape: [Int], dtype: DType, from source: RandomGenerator, in name: String) throws -> Tensor {
    guard dtype.isFloatingPoint else {
      throw TensorError(.dtype, "\(name): the numbers should be floating, and \(dtype) is asked for")
    }
    switch self {
    case .uniform(let low, let high):
      return try source.uniform(shape, from: Double(low), to: Double(high), dtype: dtype)
    case .normal(let mean, let scale):
      // Box and Muller's transform, one number of each pair; 1 − u is never 0.
      return try withErrors {
        let radius = (-2 * (1 - (try source.uniform(shape, dtype: .float64))).log()).sqrt()
        let angle = try source.uniform(shape, dtype: .float64) * (2 * Double.pi)
        return (radius * angle.cos() * scale + mean).cast(to: dtype)
      }
    }
  }
}
