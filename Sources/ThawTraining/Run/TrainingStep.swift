/// What one step of a run takes.
struct TrainingStep {
  /// For messages, as in "epoch 2, step 7".
  let name: String
  /// The samples' numbers, batch by batch; the gradient is the mean over all.
  let batches: [[Int]]
  /// For what each batch draws.
  let seeds: [UInt64]
  /// Times which the learning rates are taken.
  let learningRateScale: Double
  let clipping: Clipping?
}
