import ArgumentParser

/// A number of bytes as it is written on the command line: 1000, 64K, 500MB, 8GiB; a letter alone and KiB, MiB are in
/// powers of 1024, kB and MB in powers of 1000.
struct ByteCount {
  let count: Int

  /// - Throws: `ValidationError` for anything else.
  init(argument: String) throws {
    let digits = argument.prefix { $0.isNumber || $0 == "." }
    let unit = argument.dropFirst(digits.count).drop { $0 == " " }.lowercased()
    guard let number = Double(digits), number > 0, let factor = Self.factor(of: unit),
      let count = Int(exactly: (number * factor).rounded(.down))
    else { throw ValidationError("it should be a number of bytes, with a unit as in 500MB or 2GiB") }
    self.count = count
  }

  private static func factor(of unit: String) -> Double? {
    if unit.isEmpty || unit == "b" { return 1 }
    guard let letter = unit.first, let place = "kmgt".firstIndex(of: letter) else { return nil }
    let power = "kmgt".distance(from: "kmgt".startIndex, to: place) + 1
    let base: Double? =
      switch unit.dropFirst() {
      case "", "ib": 1024
      case "b": 1000
      default: nil
      }
    return base.map { base in (0..<power).reduce(1) { factor, _ in factor * base } }
  }
}
