import ThawTypes

/// Which elements of images make each result of pooling over regions, and what they weigh.
struct RegionTaps {
  /// For each result, the places counted over batch, height and width, with their weights.
  private var taps: [[(place: Int, weight: Double)]] = []

  /// The elements that one computation may read, before it is refused.
  private static let limit = 1 << 28
  private var count = 0

  mutating func append(_ result: [(place: Int, weight: Double)], in name: String) throws {
    count += max(1, result.count)
    guard count <= Self.limit else {
      throw TensorError(.memory, "\(name): the regions hold more than \(Self.limit) elements to read")
    }
    taps.append(result)
  }

  /// The weighted elements of each result, summed or the greatest; 0 where a result has none.
  ///
  /// - Returns: (regions, channels, height, width).
  func pooled(_ x: Tensor, isMaximum: Bool, regions: Int, size: [Int]) throws -> Tensor {
    let (channels, width) = (x.shape[1], max(1, taps.map(\.count).max() ?? 0))
    let (elements, overflow) = taps.count.multipliedReportingOverflow(by: width)
    guard !overflow, elements <= Self.limit, DType.elementCount(of: [elements, max(1, channels)]) != nil else {
      throw TensorError(.memory, "pooling \(taps.count) results of \(width) elements needs more than any memory")
    }
    var places = [Int](repeating: 0, count: taps.count * width)
    var weights = [Double](repeating: 0, count: taps.count * width)
    var isTap = [Bool](repeating: false, count: taps.count * width)
    for (result, row) in taps.enumerated() {
      for (index, tap) in row.enumerated() {
        places[result * width + index] = tap.place
        weights[result * width + index] = tap.weight
        isTap[result * width + index] = true
      }
    }
    let rows = x.transposed([0, 2, 3, 1]).reshaped(to: [x.shape[0] * x.shape[2] * x.shape[3], channels])
    let read =
      rows.gather(try Tensor(copying: places, shape: [taps.count, width]))
      * Tensor(elements: weights, shape: [taps.count, width, 1]).cast(to: x.dtype)
    let pooled: Tensor
    if isMaximum {
      let mask = try Tensor(copying: isTap, shape: [taps.count, width, 1])
      let isEmpty = try Tensor(copying: taps.map(\.isEmpty), shape: [taps.count, 1])
      pooled = .where(isEmpty, 0, Tensor.where(mask, read, -Double.infinity).max(axes: [1]))
    } else {
      pooled = read.sum(axes: [1])
    }
    return pooled.reshaped(to: [regions] + size + [channels]).transposed([0, 3, 1, 2])
  }
}
