import ThawTensor
import ThawTypes

/// What the numbers of a tensor are like.
public struct WeightStatistics: Codable, Hashable, Sendable {
  public let count: Int
  /// How many are NaN or infinite; the rest is about the others.
  public let nonFiniteCount: Int
  public let zeroCount: Int
  /// nil, as all that follows, where no number is finite.
  public let min: Double?
  public let max: Double?
  public let mean: Double?
  /// The standard deviation of the numbers themselves, not of what they may be a sample of.
  public let std: Double?
  /// How many lie in each of equal parts from the smallest to the largest.
  public let histogram: [Int]

  /// How many parts the histogram has.
  public static let partCount = 24

  /// - Throws: `TensorError` for what holds no numbers.
  public init(_ tensor: Tensor) throws {
    if tensor.dtype == .float32 {
      self = try tensor.contiguous().withBytes { Self($0.bindMemory(to: Float.self)) }
    } else {
      self = try tensor.elements(as: Double.self).withUnsafeBufferPointer { Self($0) }
    }
  }

  private init<Number: BinaryFloatingPoint>(_ numbers: UnsafeBufferPointer<Number>) {
    var (low, high) = (Number.infinity, -Number.infinity)
    var (sum, finite, zeros) = (0.0, 0, 0)
    for number in numbers where number.isFinite {
      if number < low { low = number }
      if number > high { high = number }
      sum += Double(number)
      finite += 1
      if number == 0 { zeros += 1 }
    }
    count = numbers.count
    nonFiniteCount = numbers.count - finite
    zeroCount = zeros
    guard finite > 0 else {
      (min, max, mean, std, histogram) = (nil, nil, nil, nil, [])
      return
    }
    let average = sum / Double(finite)
    // Halves: the largest numbers lie further apart than what a number can say.
    let (first, width) = (Double(low) / 2, Double(high) / 2 - Double(low) / 2)
    var parts = [Int](repeating: 0, count: Self.partCount)
    var squares = 0.0
    parts.withUnsafeMutableBufferPointer { parts in
      for number in numbers where number.isFinite {
        let value = Double(number)
        squares += (value - average) * (value - average)
        let place = width > 0 ? (value / 2 - first) / width * Double(Self.partCount) : 0
        // The largest number belongs to the last part.
        parts[Swift.min(Int(place), Self.partCount - 1)] += 1
      }
    }
    let deviation = (squares / Double(finite)).squareRoot()
    (min, max) = (Double(low), Double(high))
    mean = average.isFinite ? average : nil
    std = deviation.isFinite ? deviation : nil
    histogram = parts
  }
}
