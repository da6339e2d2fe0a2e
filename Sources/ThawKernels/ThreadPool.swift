import CKernels

/// The most threads that one computation uses, of Thaw's own loops and of oneDNN's.
///
/// Outside of `withThreadCount` that of the process: at first `OMP_NUM_THREADS` if it is set, else the cores this
/// process may use.
package var threadCount: Int { ThreadScope.count ?? Int(thaw_thread_count()) }

/// Sets the process's number of threads, brought into `1 ... threadLimit`.
package func setThreadCount(_ count: Int) { thaw_set_thread_count(Int32(clamping: count)) }

/// The most threads that may be asked for: 256, or `OMP_THREAD_LIMIT`.
package var threadLimit: Int { Int(thaw_thread_limit()) }

/// The cores that this process may use.
package var coreCount: Int { Int(thaw_core_count()) }

/// Whose threads compute: "libgomp", which oneDNN computes on, or "own".
package var threadPool: String { thaw_uses_gomp() != 0 ? "libgomp" : "own" }

/// Runs `body` with another number of threads in this task, brought into `1 ... threadLimit`.
package func withThreadCount<Result>(_ count: Int, _ body: () throws -> Result) rethrows -> Result {
  try ThreadScope.$count.withValue(min(max(1, count), threadLimit), operation: body)
}

private enum ThreadScope {
  @TaskLocal static var count: Int?
}

/// Calls `body` for pieces of `0 ..< count`, `grain` elements each, on several threads when there are several pieces.
///
/// With one thread, or inside of another call's body, `body` gets the whole range at once. The pieces do not depend on
/// anything else, but which thread takes which does; results must not.
package func parallel(_ count: Int, grain: Int, _ body: (Range<Int>) -> Void) {
  guard count > 0 else { return }
  guard count > grain else { return body(0..<count) }
  withoutActuallyEscaping(body) { escaping in
    withUnsafePointer(to: escaping) { pointer in
      thaw_parallel(
        Int64(count), Int64(grain), Int32(threadCount),
        { context, begin, end in
          context!.assumingMemoryBound(to: ((Range<Int>) -> Void).self).pointee(Int(begin)..<Int(end))
        }, UnsafeMutableRawPointer(mutating: pointer))
    }
  }
}

/// Calls `body`, whose loops all stay on the calling thread: for work beside a computation that has the threads.
package func serially<Result>(_ body: () throws -> Result) rethrows -> Result {
  thaw_enter_serial()
  defer { thaw_leave_serial() }
  return try body()
}
