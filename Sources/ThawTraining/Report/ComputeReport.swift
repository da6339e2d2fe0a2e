import Foundation
import ThawGraph
import ThawKernels

/// Who computes and how, and what that took: `--verbose`.
package enum ComputeReport {
  /// What is known before anything is computed, a line for each thing.
  ///
  /// - Parameter execution: nil where the command does not choose.
  package static func lines(execution: Execution?) -> [String] {
    var lines = ["library: \(kernelLibrary)" + (instructionSet.map { ", \($0)" } ?? "")]
    let cores = coreCount == 1 ? "1 core" : "\(coreCount) cores"
    lines.append(
      "threads: \(threadCount) on \(cores), "
        + (threadPool == "own" ? "a pool of Thaw's own" : "of \(threadPool), for the library and Thaw's loops"))
    if threadCount > coreCount { lines.append("more threads than cores make it slower") }
    if let execution { lines.append("execution: \(execution)") }
    return lines
  }

  /// What was done.
  ///
  /// - Parameter programs: how many were made.
  package static func summary(programs: Int, since start: ContinuousClock.Instant) -> String {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    func time(_ value: timeval) -> Double { Double(value.tv_sec) + Double(value.tv_usec) / 1e6 }
    return "done: \(programs) programs, \(KernelCache.shared.count) kernels prepared, at most "
      + "\(usage.ru_maxrss / 1024) MB of memory, "
      + String(
        format: "%.2f s, of all threads %.2f s of processor time", seconds, time(usage.ru_utime) + time(usage.ru_stime))
  }
}
