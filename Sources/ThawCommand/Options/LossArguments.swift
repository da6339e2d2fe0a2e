import ArgumentParser
import Thaw

/// A loss as it is written on the command line.
enum LossName: Hashable, ExpressibleByArgument {
  case crossEntropy, binaryCrossEntropy, negativeLogLikelihood, meanSquaredError, l1, huber
  case output(String)

  private static let names: KeyValuePairs<String, LossName> = [
    "cross-entropy": .crossEntropy, "bce": .binaryCrossEntropy, "nll": .negativeLogLikelihood,
    "mse": .meanSquaredError, "l1": .l1, "huber": .huber,
  ]

  init?(argument: String) {
    let output = argument.drop { $0 != ":" }.dropFirst()
    if argument.hasPrefix("output:"), !output.isEmpty {
      self = .output(String(output))
    } else if let named = Self.names.first(where: { $0.key == argument }) {
      self = named.value
    } else {
      return nil
    }
  }

  /// The loss with all settings at their defaults.
  var withDefaults: Loss {
    switch self {
    case .crossEntropy: .crossEntropy
    case .binaryCrossEntropy: .binaryCrossEntropy()
    case .negativeLogLikelihood: .negativeLogLikelihood()
    case .meanSquaredError: .meanSquaredError
    case .l1: .l1
    case .huber: .huber()
    case .output(let name): .output(name)
    }
  }

  static var allValueStrings: [String] { names.map(\.key) + ["output:NAME"] }

  var defaultValueDescription: String {
    if case .output(let name) = self { return "output:\(name)" }
    return Self.names.first { $0.value == self }?.key ?? ""
  }
}

/// Numbers with commas between them.
struct NumberList: ExpressibleByArgument {
  let numbers: [Double]

  static var allValueStrings: [String] { ["W", "W,W,…"] }

  init?(argument: String) {
    let parts = argument.split(separator: ",", omittingEmptySubsequences: false).map { Double($0) }
    numbers = parts.compactMap { $0 }
    guard numbers.count == parts.count, numbers.allSatisfy({ $0.isFinite && $0 >= 0 }) else { return nil }
  }
}

/// How much each class weighs, as it is written on the command line.
enum ClassWeights: ExpressibleByArgument {
  case each([Double])
  case balanced

  static var allValueStrings: [String] { ["W,W,…", "balanced"] }

  init?(argument: String) {
    if argument == "balanced" {
      self = .balanced
    } else if let list = NumberList(argument: argument) {
      self = .each(list.numbers)
    } else {
      return nil
    }
  }
}

/// Metrics with commas between them.
struct MetricList: ExpressibleByArgument {
  let metrics: [Metric]

  init?(argument: String) {
    let parts = argument.split(separator: ",", omittingEmptySubsequences: false).map { Metric(rawValue: String($0)) }
    metrics = parts.compactMap { $0 }
    guard metrics.count == parts.count else { return nil }
  }

  static var allValueStrings: [String] { Metric.allCases.map(\.rawValue) }
}
