import ArgumentParser
import Thaw

/// Parameters with settings of their own, `PATTERN:lr=…,weight-decay=…,momentum=…`.
struct OptimizerGroup: ExpressibleByArgument {
  let pattern: String
  private(set) var learningRate: Double?
  private(set) var weightDecay: Double?
  private(set) var momentum: Double?

  static var allValueStrings: [String] { ["PATTERN:lr=…,weight-decay=…,momentum=…"] }

  /// - Returns: nil where a setting is unknown, twice or outside its range. Names may hold colons: the last one counts.
  init?(argument: String) {
    guard let colon = argument.lastIndex(of: ":"), colon > argument.startIndex else { return nil }
    pattern = String(argument[..<colon])
    for setting in argument[argument.index(after: colon)...].split(separator: ",", omittingEmptySubsequences: false) {
      let sides = setting.split(separator: "=", omittingEmptySubsequences: false)
      guard sides.count == 2, let value = Double(sides[1]), value >= 0, value.isFinite else { return nil }
      switch sides[0] {
      case "lr" where learningRate == nil: learningRate = value
      case "weight-decay" where weightDecay == nil: weightDecay = value
      case "momentum" where momentum == nil && value < 1: momentum = value
      default: return nil
      }
    }
  }
}
