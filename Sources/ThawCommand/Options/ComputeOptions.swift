import ArgumentParser
import Thaw
import ThawTraining

/// Who computes.
struct ComputeOptions: ParsableArguments {
  @Option(
    help:
      "The most threads to compute on (default: what OMP_NUM_THREADS says in the environment, else one for each core)."
  )
  var threads: Int?
  @Flag(help: "Gives the same results, to the last bit, with any number of threads; large networks get slower.")
  var deterministic = false
  @Flag(name: .shortAndLong, help: "Tells on standard error who computes and how, and at the end what it took.")
  var verbose = false

  func validate() throws {
    guard let threads else { return }
    do { try Threads.check(threads) } catch { throw ValidationError("--threads: \(error)") }
  }

  /// Runs `body` with these options.
  ///
  /// - Parameters:
  ///   - execution: what is said of it, where the command lets one choose.
  ///   - body: gives the number of programs that were made.
  func run(execution: Execution? = nil, _ body: () throws -> Int) throws {
    let start = ContinuousClock.now
    if let threads { try Threads.use(threads) }
    if verbose { for line in ComputeReport.lines(execution: execution) { Console.error("thaw: \(line)") } }
    let programs = try body()
    if verbose { Console.error("thaw: \(ComputeReport.summary(programs: programs, since: start))") }
  }
}
