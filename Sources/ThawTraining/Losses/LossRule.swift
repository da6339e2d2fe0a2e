import ThawTensor
import ThawTypes

/// One loss with its settings: its function, and what the trainer must know beside it.
protocol LossRule: Sendable {
  /// As on the command line.
  var name: String { get }
  /// Those that are not at their default, as people read them.
  var settings: [String] { get }
  var readsLogits: Bool { get }
  var reading: PredictionReading { get }
  /// The metrics that are measured where none are named.
  var metrics: [Metric] { get }

  /// - Throws: `TrainingError` of kind `setting` for a setting outside its range.
  func checkSettings() throws

  /// The type that the function takes a target of a given type in.
  ///
  /// - Parameter dtype: the type in which the loss is computed.
  /// - Throws: `TrainingError` of kind `data`, whose message goes on after "the array 'target'".
  func targetType(for given: TensorType, in dtype: DType) throws -> DType

  /// Checks that a batch's target fits its prediction, and gives the check of the target's values.
  ///
  /// - Throws: `TrainingError`, as a sentence of its own.
  func check(prediction: [Int], target: [Int]) throws -> TargetCheck

  /// How much the mean over a batch weighs in the mean over all data: what it was divided by.
  func weight(of target: Tensor) throws -> Double

  /// The mean over a batch, a scalar.
  func callAsFunction(_ prediction: Tensor, _ target: Tensor) throws -> Tensor
}

/// Checks the values of some rows of a converted target.
///
/// `place` tells users where an element is, by its index in the rows: "row 7".
typealias TargetCheck = @Sendable (_ rows: Tensor, _ place: (Int) -> String) throws -> Void

extension LossRule {
  var settings: [String] { [] }
  var readsLogits: Bool { false }
  func checkSettings() throws {}
  func weight(of target: Tensor) throws -> Double { Double(target.shape.first ?? 1) }
}

/// How people read what a loss reads, which tells the metrics that have a meaning.
enum PredictionReading: Hashable, Sendable {
  /// A score for each class; labels of `ignoreIndex` do not count.
  case classes(ignoreIndex: Int)
  /// A logit for each yes or no.
  case binary
  /// Numbers that should come close to the target.
  case numbers
  /// Unknown.
  case unknown
}
