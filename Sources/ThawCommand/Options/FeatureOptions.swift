import ArgumentParser
import Thaw

/// Whether what the frozen part makes of each sample is kept from one epoch to the next.
struct FeatureOptions: ParsableArguments {
  enum Caching: String, ExpressibleByArgument, CaseIterable { case auto, off }

  @Option(
    help: ArgumentHelp(
      """
      Whether what is frozen before the first trained parameter is computed once for each sample and kept, where that \
      is right and saves work, or again in every step.
      """))
  var cacheFeatures = Caching.auto
  @Option(
    help: ArgumentHelp(
      """
      The memory for it, as in 500MB or 2GiB; a quarter of what the process may have when left out. What is beyond \
      goes to a file without a name.
      """, valueName: "size"),
    transform: Self.byteCount)
  var featureBudget: Int?

  var caching: FeatureCaching {
    guard cacheFeatures == .auto else { return .off }
    return featureBudget.map { FeatureCaching(memory: $0) } ?? .auto
  }

  /// A number of bytes, with a unit or without.
  ///
  /// - Throws: `ValidationError` for anything else.
  static func byteCount(_ text: String) throws -> Int {
    let units: [String: Double] = [
      "": 1, "b": 1, "kb": 1e3, "mb": 1e6, "gb": 1e9, "tb": 1e12, "kib": 0x1p10, "mib": 0x1p20, "gib": 0x1p30,
      "tib": 0x1p40,
    ]
    let digits = text.prefix { $0.isNumber || $0 == "." }
    let unit = text.dropFirst(digits.count).drop { $0 == " " }.lowercased()
    guard let number = Double(digits), let factor = units[unit],
      let bytes = Int(exactly: (number * factor).rounded(.down))
    else { throw ValidationError("it should be a number of bytes, with a unit as in 500MB or 2GiB") }
    return bytes
  }
}
