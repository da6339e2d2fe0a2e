import ThawGraph
import ThawTensor

/// Gives samples to a model in groups of the size that it takes.
///
/// The last group is filled up with samples of its own, whose predictions are dropped, so that losses and gradients are
/// those of the samples, each counted once. Where BatchNormalization trains, its statistics are those of a group.
struct SampleGroups {
  /// nil where the model takes any number at once.
  private let size: Int?
  private let output: String

  init(_ batchSize: BatchSize, output: String) {
    size = if case .fixed(let size, _) = batchSize { size } else { nil }
    self.output = output
  }

  /// How many groups so many samples make.
  func count(of samples: Int) -> Int { size.map { (samples - 1) / $0 + 1 } ?? 1 }

  /// The predictions for all samples, in their order.
  ///
  /// - Parameter model: the predictions for a group, by its place among the groups.
  /// - Throws: `TrainingError` of kind `model` when predictions do not stand along the first axis.
  func predict(_ samples: [String: Value], _ model: ([String: Value], Int) throws -> Tensor) throws -> Tensor {
    guard let size, let count = samples.values.first?.tensor?.shape.first, count != size else {
      return try model(samples, 0)
    }
    let predictions = try stride(from: 0, to: count, by: size).map { start in
      let own = min(size, count - start)
      let rows = (0..<size).map { start + $0 % own }
      let group = try samples.mapValues { value in try value.tensor.map { .tensor(try $0.group(rows)) } ?? value }
      let prediction = try model(group, start / size)
      guard prediction.shape.first == size else {
        throw TrainingError(
          .model,
          "the output '\(output)' is \(prediction.type) for \(size) samples, and its first axis should count them: "
            + "give a multiple of \(size) samples, and \(size) as the batch size")
      }
      return own == size ? prediction : try withErrors { prediction.slice([0..<own]) }
    }
    return try withErrors { Tensor.concat(predictions) }
  }
}

extension Tensor {
  /// The entries of the first axis at `rows`, also while a program is traced.
  fileprivate func group(_ rows: [Int]) throws -> Tensor {
    guard isTraced else { return try self.rows(rows) }
    return try withErrors { gather(Tensor(rows)) }
  }
}
