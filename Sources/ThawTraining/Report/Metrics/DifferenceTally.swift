import ThawTensor

/// Sums of the differences between prediction and target.
struct DifferenceTally: Codable, Hashable, Sendable {
  private var squares = 0.0
  private var absolutes = 0.0
  private var count = 0

  mutating func add(prediction: Tensor, target: Tensor) throws {
    let values = try prediction.detach().elements(as: Double.self)
    for (value, target) in zip(values, try target.elements(as: Double.self)) {
      squares += (value - target) * (value - target)
      absolutes += abs(value - target)
    }
    count += values.count
  }

  var rootMeanSquare: Double { count == 0 ? 0 : (squares / Double(count)).squareRoot() }

  var meanAbsolute: Double { count == 0 ? 0 : absolutes / Double(count) }
}
