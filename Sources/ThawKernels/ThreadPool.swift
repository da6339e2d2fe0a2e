import CKernels

/// The most threads that one computation uses, of Thaw's own loops and of oneDNN's.
///
/// At first `OMP_NUM_THREADS` if it is set, else the cores this process may use. Kernels take it over when they are
/// prepared or run, so setting it empties the cache of kernels.
package var threadCount: Int {
  get { Int(thaw_thread_count()) }
  set {
    thaw_set_thread_count(Int32(clamping: newValue))
    KernelCache.shared.removeAll()
  }
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
        Int64(count), Int64(grain), thaw_thread_count(),
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
