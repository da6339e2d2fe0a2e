import ThawTensor

extension Dataset {
  /// Takes some samples out, to measure on: which ones is a function of the seed. Both parts keep the data's order.
  ///
  /// - Parameter share: how many of the samples, above 0 and below 1, rounded to a whole number; at least one, and not
  ///   all.
  /// - Throws: `TrainingError` of kind `setting` for a share outside its range, `data` when there are fewer than two
  ///   samples or the arrays hold different numbers of them.
  public func split(validation share: Double, seed: UInt64) throws -> (training: Dataset, validation: Dataset) {
    guard share > 0, share < 1 else {
      throw TrainingError(.setting, "the share of samples to measure on should be above 0 and below 1 and is \(share)")
    }
    let count = try sampleCount()
    guard count >= 2 else {
      throw TrainingError(.data, "\(source): \(count) samples cannot be split; there should be at least 2")
    }
    let taken = min(max(Int((share * Double(count)).rounded()), 1), count - 1)
    // Each sample draws a number; those with the smallest are taken. Another sequence than that of the order.
    let generator = RandomGenerator(seed: RandomGenerator.seed(seed, for: 0))
    let keys = try generator.uniform([count], dtype: .float64).elements(as: Double.self)
    let drawn = (0..<count).sorted { (keys[$0], $0) < (keys[$1], $1) }
    return (try subset(drawn[taken...].sorted()), try subset(drawn[..<taken].sorted()))
  }
}
