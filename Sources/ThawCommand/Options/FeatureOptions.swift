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
    transform: ByteCount.init(argument:))
  var featureBudget: ByteCount?

  var caching: FeatureCaching {
    guard cacheFeatures == .auto else { return .off }
    return featureBudget.map { FeatureCaching(memory: $0.count) } ?? .auto
  }
}
