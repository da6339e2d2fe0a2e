import Synchronization
import ThawTypes

/// What the operations of a scope may use, and what they have used so far: memory, iterations, time.
///
/// `Storage` asks before each allocation, a replay before each node, control flow before each iteration. Memory counts
/// while it is alive, also after the scope has ended: a tensor that leaves it is given back when its last reference
/// goes. Views of files and of other tensors cost nothing.
package final class Budget: Sendable {
  package let byteLimit: Int
  package let iterationLimit: Int
  package let secondLimit: Double
  private let deadline: ContinuousClock.Instant?
  private let bytes = Atomic<Int>(0)
  private let iterations = Atomic<Int>(0)

  /// - Parameter seconds: counted from now; without an end when it is no number that a clock could reach.
  package init(bytes: Int, iterations: Int, seconds: Double) {
    byteLimit = bytes
    iterationLimit = iterations
    secondLimit = seconds
    deadline = seconds < 1e9 ? ContinuousClock.now + .seconds(max(0, seconds)) : nil
  }

  /// The bytes that are alive.
  package var bytesAlive: Int { bytes.load(ordering: .relaxed) }

  /// Takes memory.
  ///
  /// - Throws: `TensorError` of kind `limit` when there is not as much left.
  func take(_ count: Int) throws {
    guard count <= byteLimit else { throw tooMuch(count, held: bytesAlive) }
    let (held, total) = bytes.wrappingAdd(count, ordering: .relaxed)
    guard total <= byteLimit else {
      bytes.wrappingSubtract(count, ordering: .relaxed)
      throw tooMuch(count, held: held)
    }
  }

  /// Gives memory back.
  func give(_ count: Int) { bytes.wrappingSubtract(count, ordering: .relaxed) }

  /// Checks that elements that may stand for one another in memory would also fit one by one.
  ///
  /// A constant of a shape costs one element until somebody reads all of them.
  ///
  /// - Throws: `TensorError` of kind `limit`.
  package func checkElements(of value: Value?) throws {
    guard let tensor = value?.tensor else { return }
    let itemSize = tensor.dtype == .string ? MemoryLayout<[UInt8]>.stride : tensor.dtype.itemSize
    let (count, overflow) = tensor.count.multipliedReportingOverflow(by: itemSize)
    guard !overflow, count <= byteLimit else { throw tooMuch(overflow ? .max : count, held: bytesAlive) }
  }

  /// Checks the time.
  ///
  /// - Throws: `TensorError` of kind `limit` when it is over.
  package func checkTime() throws {
    guard let deadline, ContinuousClock.now > deadline else { return }
    throw TensorError(
      .limit,
      "the computation takes longer than the limit of \(secondLimit) seconds; raise `limits.seconds` if it should")
  }

  fileprivate func countIteration() throws {
    let count = iterations.wrappingAdd(1, ordering: .relaxed).newValue
    guard count <= iterationLimit else {
      throw TensorError(
        .limit,
        "the loops of the model ran \(iterationLimit) iterations and want more, which is the limit; raise "
          + "`limits.loopIterations` if they should")
    }
    try checkTime()
  }

  private func tooMuch(_ count: Int, held: Int) -> TensorError {
    TensorError(
      .limit,
      "\(count) bytes are needed and \(held) are in use, and the limit is \(byteLimit) bytes; raise "
        + "`limits.bytesAlive` if the machine has them")
  }
}

/// Counts one iteration of a loop, before it runs.
///
/// - Throws: `TensorError` of kind `limit` when the scope's iterations or its time are used up.
package func countIteration() throws { try Context.current.budget?.countIteration() }
