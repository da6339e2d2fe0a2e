import ThawTypes

/// A request that oneDNN has a primitive for.
///
/// Only with the package trait OneDNN does anything conform.
protocol OneDNNRequest: ConvertibleRequest {
  /// Whether the primitive is faster than Thaw's own loops; measured.
  var paysOnOneDNN: Bool { get }
  /// - Throws: `KernelError.unsupported` when the library refuses these shapes or types, or has but its reference loops.
  func oneDNNKernel() throws -> Kernel
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
    if backend != .portable, let request = self as? any OneDNNRequest, backend == .oneDNN || request.paysOnOneDNN {
      do {
        return try request.oneDNNKernel()
      } catch {
        if backend == .oneDNN, computeType == dtype { throw error }
      }
    }
    if computeType != dtype { return try prepareConverted(for: backend) }
    guard backend != .oneDNN else { throw unsupported }
    return try portable()
  }
}
