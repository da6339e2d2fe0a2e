import ThawTensor

/// How samples are put together for a step.
public struct Batching: Hashable, Sendable {
  public enum Order: Hashable, Sendable {
    /// As in the data.
    case asGiven
    /// Another one each epoch; the same for the same seed.
    case shuffled(seed: UInt64)
  }

  /// How many samples a batch holds; the last one of an epoch may be shorter.
  public var size: Int
  public var order: Order

  public init(size: Int = 32, order: Order = .shuffled(seed: 0)) {
    self.size = size
    self.order = order
  }

  /// The samples' numbers, batch by batch.
  ///
  /// - Parameter epoch: counted from 0.
  func batches(of count: Int, epoch: Int) throws -> [[Int]] {
    let rows = try rows(of: count, epoch: epoch)
    return stride(from: 0, to: count, by: size).map { Array(rows[$0..<min($0 + size, count)]) }
  }

  private func rows(of count: Int, epoch: Int) throws -> [Int] {
    guard case .shuffled(let seed) = order else { return Array(0..<count) }
    // Each sample draws a number; the order is that of the numbers. Epochs take their share of one sequence.
    let generator = RandomGenerator(seed: seed)
    _ = generator.draw(epoch * count)
    let keys = try generator.uniform([count], dtype: .float64).elements(as: Double.self)
    return (0..<count).sorted { (keys[$0], $0) < (keys[$1], $1) }
  }
}
