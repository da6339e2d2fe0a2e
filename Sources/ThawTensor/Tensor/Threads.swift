import ThawKernels

/// The threads that compute: Thaw's own loops and oneDNN's, in one pool.
///
/// Computations at the same time, of whatever tasks, share the cores: none starts while too few of them are free.
public enum Threads {
  /// The most that one computation of this task uses.
  ///
  /// At first what the environment's `OMP_NUM_THREADS` says, else the number of cores.
  public static var count: Int { threadCount }

  /// The most that may be asked for: 256, or what the environment's `OMP_THREAD_LIMIT` says.
  public static var limit: Int { threadLimit }

  /// The cores that this process may use.
  public static var cores: Int { coreCount }

  /// Sets the most that a computation uses, for the process: for every task but those inside of `with(_:_:)`.
  ///
  /// Programs are compiled anew for another number.
  ///
  /// - Throws: `TensorError` of kind `range` where the count is not in `1 ... limit`.
  public static func use(_ count: Int) throws {
    try check(count)
    setThreadCount(count)
  }

  /// Runs `body` with another number in this task and its child tasks.
  ///
  /// - Throws: `TensorError` of kind `range` where the count is not in `1 ... limit`; what `body` throws.
  public static func with<Result>(_ count: Int, _ body: () throws -> Result) throws -> Result {
    try check(count)
    return try withThreadCount(count, body)
  }

  /// - Throws: `TensorError` of kind `range` where the count is not in `1 ... limit`.
  package static func check(_ count: Int) throws {
    guard (1...limit).contains(count) else {
      throw TensorError(
        .range,
        "the number of threads should be from 1 to \(limit) and is \(count); this process may use \(cores) "
          + (cores == 1 ? "core" : "cores"))
    }
  }
}
