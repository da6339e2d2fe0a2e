import ThawGraph
import ThawTensor

/// How gradients that are too large are made smaller before a step.
public enum Clipping: Hashable, Sendable, CustomStringConvertible {
  /// See `clipGradientNorm(of:to:)`.
  case norm(Double)
  /// See `clipGradientValue(of:to:)`.
  case value(Double)

  /// What is wrong with it; nil when nothing is.
  var problem: String? {
    switch self {
    case .norm(let bound), .value(let bound):
      bound.isFinite && bound > 0 ? nil : "the bound of the gradients should be a number above 0 and is \(bound)"
    }
  }

  /// Clips the gradients of parameters.
  func apply(to parameters: [Parameter]) throws {
    switch self {
    case .norm(let bound): try clipGradientNorm(of: parameters, to: bound)
    case .value(let bound): try clipGradientValue(of: parameters, to: bound)
    }
  }

  public var description: String {
    switch self {
    case .norm(let bound): "norm \(bound)"
    case .value(let bound): "value \(bound)"
    }
  }
}

/// Scales all gradients together so that their 2-norm is at most `bound` (PyTorch's `clip_grad_norm_`).
///
/// With the norm n the scale is `bound` / (n + 1e-6), where that is below 1.
///
/// - Returns: the norm before, over all parameters that have a gradient.
/// - Throws: `TensorError` when there is no memory.
@discardableResult
public func clipGradientNorm(of parameters: some Sequence<Parameter>, to bound: Double) throws -> Double {
  try noGrad {
    let gradients = parameters.compactMap { parameter in parameter.grad.map { (parameter, $0) } }
    var squares = 0.0
    for (_, gradient) in gradients {
      let wide = gradient.dtype.itemSize < 4 ? try withErrors { gradient.cast(to: .float32) } : gradient
      let norm = try ThawTensor.apply(ReduceL2(options: ReductionOptions(keepDims: false)), to: wide).item()
      squares += norm * norm
    }
    let norm = squares.squareRoot()
    let scale = bound / (norm + 1e-6)
    // Infinity and NaN stay where they are: a scale made of them would spread to all parameters.
    if norm.isFinite, scale < 1 { try scaleGradients(of: gradients.map(\.0), by: scale) }
    return norm
  }
}

/// Multiplies all gradients by one number.
func scaleGradients(of parameters: some Sequence<Parameter>, by scale: Double) throws {
  try noGrad {
    for parameter in parameters {
      guard let gradient = parameter.grad else { continue }
      parameter.replaceGrad(with: try withErrors { gradient * scale })
    }
  }
}

/// Bounds every element of every gradient to `-bound ... bound` (PyTorch's `clip_grad_value_`).
///
/// - Throws: `TensorError` when there is no memory.
public func clipGradientValue(of parameters: some Sequence<Parameter>, to bound: Double) throws {
  try noGrad {
    for parameter in parameters {
      guard let gradient = parameter.grad else { continue }
      parameter.replaceGrad(with: try withErrors { gradient.clip(min: -bound, max: bound) })
    }
  }
}
