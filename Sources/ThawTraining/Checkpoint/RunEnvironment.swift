import ThawKernels

/// What a run's numbers depend on in their last digits, beside its settings.
struct RunEnvironment: Codable, Hashable, Sendable {
  var threads = threadCount
  var library = kernelLibrary

  /// What a result may differ for; nil where nothing is another.
  func warning(comparedTo old: RunEnvironment) -> String? {
    let differences = [
      old.threads == threads ? nil : "\(old.threads) threads, and this run has \(threads)",
      old.library == library ? nil : "\(old.library), and this run has \(library)",
    ].compactMap { $0 }
    guard !differences.isEmpty else { return nil }
    return "the checkpoint was made with " + differences.joined(separator: "; with ")
      + ": the result may differ from that of one run in its last digits"
  }
}
