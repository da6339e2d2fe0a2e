import Foundation

extension Double {
  /// The number with a unit in thousands that fits it: 1234567 and "B" give "1.23 MB"; whole numbers below 1000 stay whole.
  package func text(unit: String) -> String {
    var number = self
    var prefixes = ["", "k", "M", "G", "T", "P"][...]
    while number >= 999.5, prefixes.count > 1 {
      number /= 1000
      prefixes = prefixes.dropFirst()
    }
    let isWhole = prefixes.count == 6 && number == number.rounded()
    return (isWhole ? String(format: "%.0f", number) : number.short) + " " + (prefixes.first ?? "") + unit
  }

  /// Seconds in the unit that fits them: 0.00123 gives "1.23 ms".
  package var timeText: String {
    for (unit, length) in [("s", 1), ("ms", 1e-3), ("µs", 1e-6)] where self >= 0.9995 * length {
      return "\((self / length).short) \(unit)"
    }
    return "\((self / 1e-9).short) ns"
  }

  /// Three digits, or more before the point.
  package var short: String {
    let digits = self >= 99.95 || self == 0 ? 0 : self >= 9.995 ? 1 : 2
    return String(format: "%.\(digits)f", self)
  }
}
