import Foundation

/// How the learning rate goes on over a run, as a share of its first value; the formulas are PyTorch's
/// (`torch.optim.lr_scheduler`).
///
/// Every group of an optimizer keeps its own learning rate, times the same share.
public enum Schedule: Hashable, Sendable {
  /// It stays.
  case constant
  /// Times `gamma` after every so many epochs (`StepLR`).
  case step(every: Int, gamma: Double)
  /// On a straight line from 1 to the share `end` (`LinearLR` with `start_factor` 1).
  case linear(end: Double)
  /// On half a cosine from 1 to the share `end` (`CosineAnnealingLR`; Loshchilov and Hutter, SGDR: Stochastic Gradient
  /// Descent with Warm Restarts, 2017).
  case cosine(end: Double)

  /// Whether the share at a step depends on how many steps there are.
  var readsLength: Bool {
    switch self {
    case .constant, .step: false
    case .linear, .cosine: true
    }
  }

  /// What is wrong with the settings; nil when nothing is.
  var problem: String? {
    switch self {
    case .constant: nil
    case .step(let every, let gamma):
      if every < 1 {
        "the schedule 'step' changes every 1 or more epochs, not every \(every)"
      } else if !(gamma.isFinite && gamma > 0) {
        "the schedule 'step' takes a gamma above 0, not \(gamma)"
      } else {
        nil
      }
    case .linear(let end), .cosine(let end):
      end.isFinite && end >= 0 ? nil : "the schedule should end at a share of at least 0, not at \(end)"
    }
  }

  /// The share of the first learning rate that a step takes.
  ///
  /// - Parameters:
  ///   - step: counted from 0, after the warm-up.
  ///   - length: all steps after the warm-up.
  func factor(at step: Int, of length: Int, stepsPerEpoch: Int) -> Double {
    let progress = length > 0 ? Double(min(step, length)) / Double(length) : 0
    return switch self {
    case .constant: 1
    case .step(let every, let gamma): pow(gamma, Double(step / max(stepsPerEpoch, 1) / every))
    case .linear(let end): 1 + (end - 1) * progress
    case .cosine(let end): end + (1 - end) * (1 + cos(.pi * progress)) / 2
    }
  }
}

extension Schedule: CustomStringConvertible {
  public var description: String {
    switch self {
    case .constant: "constant"
    case .step(let every, let gamma): "step:every=\(every),gamma=\(gamma)"
    case .linear(let end): "linear:end=\(end)"
    case .cosine(let end): "cosine:end=\(end)"
    }
  }
}
