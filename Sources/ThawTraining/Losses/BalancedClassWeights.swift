import ThawTensor

extension Evaluator {
  /// Class weights with which all classes of a data set weigh the same: n / (k · c) for a class with c of the n labels
  /// that count, of k classes that occur. A class that does not occur weighs 1, as the labels do on average.
  ///
  /// - Throws: `TrainingError` that names what does not fit in the data; of kind `setting` when the loss or the target
  ///   has no labels.
  public func balancedClassWeights(of dataset: Dataset, batchSize: Int = 32) throws -> [Double] {
    guard case .classes(let ignoreIndex) = loss.rule.reading else {
      throw TrainingError(.setting, "the loss \(loss.name) has no classes whose weights could be balanced")
    }
    let samples = try checkedSamples(dataset, batchSize: batchSize)
    let (inputs, batch) = try samples.batch(Array(0..<min(batchSize, samples.count)))
    guard let batch, batch.dtype.isInteger else {
      throw TrainingError(.setting, "balanced class weights need labels, and the target of \(samples.source) has none")
    }
    let axis = try ClassAxis(logits: noGrad { try predict(inputs) }.shape, labels: batch.shape)
    var counts = [Int](repeating: 0, count: axis.classCount)
    try samples.forEachTargetPortion { target in
      for label in try target.integers() where label != ignoreIndex { counts[label] += 1 }
    }
    let (all, present) = (Double(counts.reduce(0, +)), Double(counts.count { $0 > 0 }))
    return counts.map { $0 == 0 ? 1 : all / (present * Double($0)) }
  }
}
