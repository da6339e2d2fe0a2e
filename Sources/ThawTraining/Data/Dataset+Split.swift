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

  /// The samples of some numbers, in that order.
  func subset(_ rows: [Int]) throws -> Dataset {
    Dataset(try names.map { ($0, try array($0, for: "to be split").rows(rows)) }, source: source)
  }

  /// How many samples there are.
  private func sampleCount() throws -> Int {
    var first: (name: String, count: Int)?
    for name in names {
      let count = try array(name, for: "to be split").shape[0]
      if let first, first.count != count {
        throw TrainingError(
          .data,
          "\(source): the array '\(name)' holds \(count) samples, and '\(first.name)' holds \(first.count); they should "
            + "be as many")
      }
      first = first ?? (name, count)
    }
    return first?.count ?? 0
  }
}
