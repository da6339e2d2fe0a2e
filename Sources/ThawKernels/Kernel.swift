import ThawTypes

/// Where the bytes of a kernel's operands start: inputs first, then outputs, nil for what is absent.
package typealias Operands = [UnsafeMutableRawPointer?]

/// A computation prepared for one set of shapes, strides and types; it runs any number of times, from any task.
package struct Kernel: Sendable {
  /// What computes it, for `thaw explain`: "portable", or the library's implementation name.
  package let implementation: String
  /// The scratch memory one run needs, in bytes; 64-byte aligned.
  package let scratchByteCount: Int
  private let body: @Sendable (Operands, UnsafeMutableRawPointer?) throws -> Void

  package init(
    implementation: String = "portable", scratchByteCount: Int = 0,
    body: @escaping @Sendable (Operands, UnsafeMutableRawPointer?) throws -> Void
  ) {
    self.implementation = implementation
    self.scratchByteCount = scratchByteCount
    self.body = body
  }

  /// Computes the outputs.
  ///
  /// - Parameter scratch: at least `scratchByteCount` bytes; may be nil when that is 0.
  package func run(_ operands: Operands, scratch: UnsafeMutableRawPointer?) throws {
    try body(operands, scratch)
  }
}

/// Who computes.
package enum Backend: Hashable, Sendable {
  /// Thaw's own loops: every type that computes, the oracle of the tests.
  case portable
  /// oneDNN; preparing throws `KernelError.unsupported` where it has no such primitive, or was not built in.
  case oneDNN
  /// oneDNN where it has the primitive, else portable.
  case automatic
  /// The same, with results that do not depend on the number of threads.
  case deterministic
}

/// What is to be computed, in full: it is the cache key of the kernel that computes it.
///
/// Shapes and strides count elements; strides may be 0 (broadcast) or negative. An operand's pointer is that of its
/// element at index 0, 0, …. Outputs are contiguous unless the request has strides for them, and never overlap inputs
/// but where `mayOverwrite` says so.
package protocol KernelRequest: Hashable, Sendable {
  /// Chooses an implementation.
  ///
  /// - Throws: `KernelError.unsupported` when `backend` cannot compute this.
  func prepare(for backend: Backend) throws -> Kernel

  /// Whether an output may lie exactly where an input lies: each element is read for the last time before anything is
  /// written there.
  func mayOverwrite(input: Int, byOutput output: Int) -> Bool

  /// What is computed and how, in a few words without sizes: "convolution forward, winograd".
  var kind: String { get }
  /// The multiplications and additions of products and convolutions as they are written; 0 where moving memory costs.
  var arithmetic: Double { get }
}

extension KernelRequest {
  package func mayOverwrite(input: Int, byOutput output: Int) -> Bool { false }
}

/// Why a kernel could not be had, or failed.
package enum KernelError: Error, Hashable, Sendable, CustomStringConvertible {
  /// No implementation of `operation` for what `detail` names.
  case unsupported(operation: String, detail: String)
  /// The library reported a failure.
  case failed(operation: String, detail: String)

  package var description: String {
    switch self {
    case .unsupported(let operation, let detail): "no kernel for \(operation) of \(detail)"
    case .failed(let operation, let detail): "the kernel for \(operation) failed: \(detail)"
    }
  }
}
