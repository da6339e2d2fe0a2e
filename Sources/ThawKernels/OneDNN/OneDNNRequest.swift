import ThawTypes

/// A request that oneDNN has a primitive for.
///
/// Only with the package trait OneDNN does anything conform.
protocol OneDNNRequest: ConvertibleRequest {
  /// Whether the primitive is faster than Thaw's own loops; measured.
  var paysOnOneDNN: Bool { get }
  /// The kernel for a number of threads, on which its results may depend.
  ///
  /// - Throws: `KernelError.unsupported` when the library refuses these shapes or types, or has but its reference loops.
  func oneDNNKernel(threads: Int) throws -> Kernel
  #if THAW_ONEDNN
    /// How it is cut so that results do not depend on the number of threads; nil to compute it whole, on one thread.
    var division: Division<Self>? { get }
  #endif
}

/// Whether oneDNN was built in.
package var hasOneDNN: Bool {
  #if THAW_ONEDNN
    true
  #else
    false
  #endif
}

extension ConvertibleRequest {
  /// The choice between oneDNN, conversion to a type that computes, and Thaw's own loops.
  func prepare(for backend: Backend, portable: () throws -> Kernel) throws -> Kernel {
    #if THAW_ONEDNN
      if backend != .portable, let request = self as? any OneDNNRequest, backend == .oneDNN || request.paysOnOneDNN {
        do {
          return try request.oneDNNKernel(for: backend)
        } catch {
          if backend == .oneDNN, computeType == dtype { throw error }
        }
      }
    #endif
    if computeType != dtype { return try prepareConverted(for: backend) }
    guard backend != .oneDNN else { throw unsupported }
    return try portable()
  }
}
