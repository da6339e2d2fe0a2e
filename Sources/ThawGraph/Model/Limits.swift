import Foundation
import ThawTensor

/// What one call of a model may use.
///
/// A file of 73 bytes may ask for 4 TiB, and one of 200 bytes for an endless loop, both in valid ONNX. Loading is
/// bounded by the size of the file; a call is bounded by these numbers, which are looked at before each allocation, each
/// node and each iteration. A call that would pass one ends with a `TensorError` of kind `limit`. Each call has limits of
/// its own: sixteen calls at once may use sixteen times as much.
public struct Limits: Hashable, Sendable {
  /// The most bytes of tensors that a call may have made and that are still alive: its intermediate values, its outputs,
  /// and what is saved for gradients. Weights in the file and the inputs are not counted. By default three quarters of
  /// the memory that the process may have.
  public var bytesAlive = Limits.defaultBytes
  /// The most iterations of all `Loop` and `Scan` nodes of a call together, nested ones too: 1,000,000 by default.
  public var loopIterations = 1_000_000
  /// The longest that a call may take, in seconds: 3600 by default. A node that has begun is not interrupted.
  public var seconds: Double = 3600

  /// Makes the default limits.
  public init() {}

  package var budget: Budget { Budget(bytes: bytesAlive, iterations: loopIterations, seconds: seconds) }

  private static let defaultBytes: Int = {
    var memory = ProcessInfo.processInfo.physicalMemory
    // A container may have less than its machine.
    if let text = try? String(contentsOfFile: "/sys/fs/cgroup/memory.max", encoding: .utf8),
      let allowed = UInt64(text.trimmingCharacters(in: .whitespacesAndNewlines))
    {
      memory = min(memory, allowed)
    }
    return Int(clamping: memory / 4 * 3)
  }()
}
