import ThawTensor
import ThawTypes

/// An output of the model that is the loss already.
struct OutputLoss: LossRule {
  let output: String

  var name: String { "output:\(output)" }
  var reading: PredictionReading { .unknown }
  var metrics: [Metric] { [] }

  // It is never asked about a target.

  func targetType(for given: TensorType, in dtype: DType) throws -> DType { given.dtype }

  func check(prediction: [Int], target: [Int]) throws -> TargetCheck { { _, _ in } }

  func callAsFunction(_ prediction: Tensor, _ target: Tensor) throws -> Tensor {
    guard prediction.count == 1 else {
      throw TrainingError(
        .model,
        "the output '\(output)' should be a single number, the loss of the batch, and is \(prediction.type)")
    }
    return prediction
  }
}
