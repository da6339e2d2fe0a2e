import Foundation
import ThawTensor

/// What Adam and AdamW remember of a parameter, and the step they take from it.
struct AdamMoments {
  private var steps = 0
  private var mean: Tensor
  private var square: Tensor
  /// The largest `square` so far, for AMSGrad.
  private var largest: Tensor

  /// The moments before the first gradient.
  init(like gradient: Tensor) {
    mean = Tensor.zeros(gradient.shape, dtype: gradient.dtype)
    square = mean
    largest = mean
  }

  /// Takes a gradient in, and gives what to subtract from the parameter.
  mutating func step(
    _ g: Tensor, learningRate: Double, betas: (Double, Double), epsilon: Double, amsgrad: Bool
  ) -> Tensor {
    steps += 1
    mean = mean + (g - mean) * (1 - betas.0)
    square = square * betas.1 + g * g * (1 - betas.1)
    if amsgrad { largest = .maximum(largest, square) }
    let meanCorrection = 1 - pow(betas.0, Double(steps))
    let squareCorrection = 1 - pow(betas.1, Double(steps))
    let denominator = (amsgrad ? largest : square).sqrt() / squareCorrection.squareRoot() + epsilon
    return mean / denominator * (learningRate / meanCorrection)
  }
}
