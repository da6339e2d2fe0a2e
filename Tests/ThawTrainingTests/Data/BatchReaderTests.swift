import Foundation
import Synchronization
import Testing
import ThawGraph
import ThawTensor

@testable import ThawTraining

@Suite("Batches read ahead") struct BatchReaderTests {
  private static let batches = (0..<9).map { [2 * $0, 2 * $0 + 1] }

  /// Gives the numbers of samples back as a target, and counts.
  private final class Source: Sendable {
    let reads = Mutex<[[Int]]>([])
    /// The first number of the batch that cannot be read.
    let bad: Int?

    init(bad: Int? = nil) { self.bad = bad }

    func read(_ rows: [Int]) throws -> BatchReader.Batch {
      reads.withLock { $0.append(rows) }
      guard rows.first != bad else { throw TrainingError(.data, "no batch \(rows)") }
      return ([:], Tensor(rows))
    }
  }

  private func rows(_ batch: BatchReader.Batch) throws -> [Int] { try #require(batch.target).integers() }

  @Test("in the order that was given, whether made ahead or not", arguments: [Duration.zero, .seconds(1000)])
  func order(slowRead: Duration) throws {
    let source = Source()
    let reader = BatchReader(Self.batches, slowRead: slowRead) { try source.read($0) }
    for (place, batch) in Self.batches.enumerated() {
      #expect(try rows(reader.batch(batch)) == batch)
      // At most two lie ready, and the two first batches tell whether it pays.
      let count = source.reads.withLock(\.count)
      #expect(count <= (slowRead == .zero && place > 0 ? place + 3 : place + 1))
    }
    #expect(source.reads.withLock { $0 } == Self.batches)
  }

  @Test("what is slow is made while the caller does something else") func ahead() throws {
    let thread = Mutex<Set<String>>([])
    let reader = BatchReader(Self.batches, slowRead: .zero) { rows in
      _ = thread.withLock { $0.insert("\(pthread_self())") }
      return ([:], Tensor(rows))
    }
    for batch in Self.batches { _ = try reader.batch(batch) }
    #expect(thread.withLock { $0.contains { $0 != "\(pthread_self())" } })
  }

  @Test("what is not next is read at once, and the order goes on") func again() throws {
    let reader = BatchReader(Self.batches, slowRead: .zero) { try Source().read($0) }
    for batch in Self.batches {
      #expect(try rows(reader.batch(batch)) == batch)
      #expect(try rows(reader.batch([100, 7])) == [100, 7])
      #expect(try rows(reader.batch(Self.batches[0])) == Self.batches[0])
    }
    #expect(try rows(reader.batch([5])) == [5])
  }

  @Test("an error comes out where its batch is asked for", arguments: [Duration.zero, .seconds(1000)])
  func errors(slowRead: Duration) throws {
    let source = Source(bad: 10)
    let reader = BatchReader(Self.batches, slowRead: slowRead) { try source.read($0) }
    for batch in Self.batches {
      if batch == [10, 11] {
        #expect(throws: TrainingError(.data, "no batch [10, 11]")) { try reader.batch(batch) }
      } else {
        #expect(try rows(reader.batch(batch)) == batch)
      }
    }
  }

  @Test("a reader that goes leaves nothing behind") func stopped() throws {
    weak var source: Source?
    for count in 0..<Self.batches.count {
      let owned = Source()
      source = owned
      var reader: BatchReader? = BatchReader(Self.batches, slowRead: .zero) { [owned] in
        Thread.sleep(forTimeInterval: 0.001)
        return try owned.read($0)
      }
      for batch in Self.batches.prefix(count) { _ = try reader?.batch(batch) }
      reader = nil
      let reads = owned.reads.withLock(\.count)
      #expect(reads <= count + 2)
      Thread.sleep(forTimeInterval: 0.003)
      #expect(owned.reads.withLock(\.count) == reads)
    }
    #expect(source == nil)
  }

  @Test("limits of the caller hold for what is made ahead") func limits() throws {
    let budget = Budget(bytes: 1 << 20, iterations: .max, seconds: .infinity)
    try Context.with({ $0.budget = budget }) { () throws in
      let reader = BatchReader((0..<4).map { [$0] }, slowRead: .zero) { rows in
        ([:], try Tensor.uninitialized([rows[0] == 3 ? 1 << 20 : 8], dtype: .float32))
      }
      for row in 0..<3 { #expect(try reader.batch([row]).target?.count == 8) }
      let error = #expect(throws: TensorError.self) { try reader.batch([3]) }
      #expect(error?.kind == .limit)
    }
  }
}
