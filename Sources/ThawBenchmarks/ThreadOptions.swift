import ArgumentParser
import Thaw

/// On how many threads is measured.
struct ThreadOptions: ParsableArguments {
  @Option(help: "The most threads to compute on (default: what OMP_NUM_THREADS says, else one for each core).")
  var threads: Int?
  @Flag(help: "Measures what gives the same results with any number of threads.") var deterministic = false

  func validate() throws {
    guard let threads else { return }
    do { try Threads.check(threads) } catch { throw ValidationError("--threads: \(error)") }
  }

  /// Runs `body` with these options.
  func run(_ body: () throws -> Void) throws {
    if let threads { try Threads.use(threads) }
    try deterministic ? Thaw.deterministic(body) : body()
  }
}
