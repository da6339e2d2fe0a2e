import ThawTensor

/// The root of the mean of the squared differences.
struct RootMeanSquaredErrorTally: MetricTally {
  private var sum = 0.0
  private var count = 0

  mutating func add(prediction: Tensor, target: Tensor) throws {
    let values = try prediction.detach().elements(as: Double.self)
    for (value, target) in zip(values, try target.elements(as: Double.self)) {
      sum += (value - target) * (value - target)
    }
    count += values.count
  }

  var value: Double { count == 0 ? 0 : (sum / Double(count)).squareRoot() }
}
