import ThawGraph
import ThawKernels

/// What a run's numbers depend on in their last digits, beside its settings.
struct RunEnvironment: Codable, Hashable, Sendable {
  var threads = threadCount
  var library = kernelLibrary
  /// Unknown in checkpoints of earlier versions, as is the next.
  var instructionSet: String? = ThawKernels.instructionSet
  var execution: String?
  var isDeterministic: Bool?

  init(_ execution: Execution) {
    self.execution = "\(execution)"
    isDeterministic = execution.isDeterministic
  }

  /// What a result may differ for; nil where nothing is another.
  func warning(comparedTo old: RunEnvironment) -> String? {
    func difference(_ old: String?, _ new: String?) -> String? {
      guard let old, let new, old != new else { return nil }
      return "\(old), and this run has \(new)"
    }
    let areThreadsEqual = old.threads == threads || (old.isDeterministic == true && isDeterministic == true)
    let differences = [
      areThreadsEqual ? nil : "\(old.threads) threads, and this run has \(threads)",
      difference(old.library, library), difference(old.instructionSet, instructionSet),
      difference(
        old.execution.map { "\($0) execution" }, execution.map { "\($0) execution" }),
    ].compactMap { $0 }
    guard !differences.isEmpty else { return nil }
    return "the checkpoint was made with " + differences.joined(separator: "; with ")
      + ": the result may differ from that of one run in its last digits"
  }
}
