// How gradients meet the statistics that BatchNormalization computes in training.

extension BatchNormalization {
  /// What was saved, with the batch's statistics computed again where they were not.
  func withStatistics(_ saved: [Value?]) throws -> [Value?] {
    guard saved[2] == nil else { return saved }
    let x = try tensor(saved, 0, of: Self.schema)
    let axes = BatchChannels(x.shape, isSpatial: isSpatial).axes
    let mean = x.mean(axes: axes, keepDims: true)
    let variance = ((x - mean) * (x - mean)).mean(axes: axes, keepDims: true)
    let shape = try tensor(saved, 1, of: Self.schema).shapeTensor()
    return saved[..<2] + [.tensor(mean.reshaped(to: shape)), .tensor(variance.reshaped(to: shape))]
  }

  /// What flows back to X from the batch's mean and variance: first order only asks when a model uses them, second
  /// order always does.
  func pullbackOfStatistics(_ byMean: Tensor?, _ byVariance: Tensor?, _ saved: [Value?]) throws -> Tensor {
    let x = try tensor(saved, 0, of: Self.schema)
    let mean = try tensor(saved, 2, of: Self.schema)
    let wide = x.asType(mean.dtype)
    let axes = BatchChannels(x.shape, isSpatial: isSpatial).axes
    let count = try Tensor.scalar(1, dtype: mean.dtype).expanded(to: x.shapeTensor()).sum(axes: axes, keepDims: true)
    var sum = byMean.map { channelColumn($0, rank: x.rank, isSpatial: isSpatial) }
    if let byVariance {
      let slope = channelColumn(2 * byVariance, rank: x.rank, isSpatial: isSpatial)
      let part = slope * (wide - channelColumn(mean, rank: x.rank, isSpatial: isSpatial))
      sum = sum.map { $0 + part } ?? part
    }
    return try ((sum ?? wide.scalar(0)) / count).asType(x.dtype)
  }
}
