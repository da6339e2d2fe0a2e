import ThawTensor
import ThawTypes

/// See `Loss.custom(_:readsLogits:_:)`.
struct CustomLoss: LossRule {
  let name: String
  let readsLogits: Bool
  let function: @Sendable (Tensor, Tensor) throws -> Tensor

  var reading: PredictionReading { .unknown }
  var metrics: [Metric] { [] }

  func converted(target: Tensor, to dtype: DType) throws -> Tensor {
    target.dtype.isFloatingPoint ? try withErrors { target.cast(to: dtype) } : target
  }

  /// Only the function knows what fits; it says so at the first batch.
  func check(prediction: [Int], target: [Int]) throws -> TargetCheck { { _, _ in } }

  func callAsFunction(_ prediction: Tensor, _ target: Tensor) throws -> Tensor { try function(prediction, target) }
}
