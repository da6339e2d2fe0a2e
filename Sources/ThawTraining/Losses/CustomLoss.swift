import ThawTensor
import ThawTypes

/// See `Loss.custom(_:readsLogits:_:)`.
struct CustomLoss: LossRule {
  let name: String
  let readsLogits: Bool
  let function: @Sendable (Tensor, Tensor) throws -> Tensor

  var reading: PredictionReading { .unknown }
  var metrics: [Metric] { [] }

  func targetType(for given: TensorType, in dtype: DType) throws -> DType {
    given.dtype.isFloatingPoint ? dtype : given.dtype
  }

  /// Only the function knows what fits; it says so at the first batch.
  func check(prediction: [Int], target: [Int]) throws -> TargetCheck { { _, _ in } }

  func callAsFunction(_ prediction: Tensor, _ target: Tensor) throws -> Tensor { try function(prediction, target) }
}
