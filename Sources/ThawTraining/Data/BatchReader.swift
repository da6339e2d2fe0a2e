import Dispatch
import Synchronization
import ThawKernels
import ThawTensor

/// Batches in the order in which they will be asked for; where making them takes time, the next ones are made on a queue
/// of their own while a step computes.
///
/// For the thread that takes the steps alone. What is made ahead is what would be made on demand, bit by bit, and an
/// error comes out where its batch is asked for. Nothing is made ahead any more once the reader is gone.
final class BatchReader {
  typealias Batch = (inputs: [String: Value], target: Tensor?)

  private let read: @Sendable ([Int]) throws -> Batch
  /// What was not begun yet.
  private var rest: ArraySlice<[Int]>
  /// What was begun and not asked for yet.
  private var begun: [(rows: [Int], order: BatchOrder)] = []
  private let queue = DispatchQueue(label: "thaw.batches")
  private let slowRead: Duration
  /// How many batches in a row took long.
  private var slowCount = 0
  private let context = Context.current

  /// Batches beside the one that computes; their memory is what bounds this.
  private static let depth = 2

  /// - Parameters:
  ///   - slowRead: from which time on a batch is worth a thread; below it, waking one would cost more than it saves.
  ///   - read: gives the samples of some numbers.
  init(
    _ batches: some Sequence<[Int]>, slowRead: Duration = .microseconds(200),
    read: @escaping @Sendable ([Int]) throws -> Batch
  ) {
    rest = Array(batches)[...]
    self.slowRead = slowRead
    self.read = read
  }

  deinit {
    for (_, order) in begun { order.drop() }
    // What is being read ends before files may be closed.
    if !begun.isEmpty { queue.sync {} }
  }

  /// The samples of these numbers; whatever is not next in the order is read at once.
  func batch(_ rows: [Int]) throws -> Batch {
    if let first = begun.first, first.rows == rows {
      begun.removeFirst()
      beginAhead()
      return try first.order.result()
    }
    guard begun.isEmpty, rest.first == rows else { return try read(rows) }
    rest.removeFirst()
    let start = ContinuousClock.now
    let batch = try read(rows)
    // One slow batch may be an accident of the machine.
    slowCount = ContinuousClock.now - start >= slowRead ? slowCount + 1 : 0
    if slowCount >= 2 { beginAhead() }
    return batch
  }

  private func beginAhead() {
    while begun.count < Self.depth, let rows = rest.popFirst() {
      let order = BatchOrder()
      begun.append((rows, order))
      queue.async { [read, context] in
        order.fill {
          // The cores belong to the step: loops beside it stay on this thread.
          try Context.$current.withValue(context) { try serially { try read(rows) } }
        }
      }
    }
  }
}

/// A batch that is being made.
private final class BatchOrder: Sendable {
  private let filled = Mutex<Result<BatchReader.Batch, any Error>?>(nil)
  private let isDropped = Atomic(false)
  private let done = DispatchSemaphore(value: 0)

  /// Nobody will ask for the result.
  func drop() { isDropped.store(true, ordering: .relaxed) }

  func fill(_ make: () throws -> BatchReader.Batch) {
    guard !isDropped.load(ordering: .relaxed) else { return }
    let result = Result(catching: make)
    filled.withLock { $0 = result }
    done.signal()
  }

  /// Waits for the batch; to be called once.
  func result() throws -> BatchReader.Batch {
    done.wait()
    guard let result = filled.withLock({ $0.take() }) else {
      throw TensorError(.internal, "a batch was made, and is not there")
    }
    return try result.get()
  }
}
