import Foundation

/// What tells people how good a model is, beside the loss; the raw values are the names on the command line.
public enum Metric: String, Codable, Hashable, Sendable, CaseIterable {
  /// The share of labels to which the scores give the highest value; of yes-or-no questions, the share in which the
  /// logit is above 0 where the target is above ½, and only there.
  case accuracy
  /// The share of labels that are among the five classes with the highest scores.
  case topFive = "top-5"
  /// The mean over the classes of 2·tp / (2·tp + fp + fn); the classes are those that occur as a label or are
  /// predicted. Of yes-or-no questions, that of yes; 0 where there is none.
  case f1
  /// The root of the mean of the squared differences.
  case rootMeanSquaredError = "rmse"
  /// The mean of the absolute differences.
  case meanAbsoluteError = "mae"

  /// As people read it.
  public var name: String {
    switch self {
    case .accuracy, .topFive: rawValue
    case .f1, .rootMeanSquaredError, .meanAbsoluteError: rawValue.uppercased()
    }
  }

  /// A value as people read it.
  public func text(_ value: Double) -> String {
    switch self {
    case .accuracy, .topFive: String(format: "%.2f %%", 100 * value)
    case .f1: String(format: "%.4f", value)
    case .rootMeanSquaredError, .meanAbsoluteError: String(format: "%.5g", value)
    }
  }

  /// Whether a model with this value is better than one with another.
  public func isBetter(_ value: Double, than other: Double) -> Bool {
    switch self {
    case .accuracy, .topFive, .f1: value > other
    case .rootMeanSquaredError, .meanAbsoluteError: value < other
    }
  }
}
