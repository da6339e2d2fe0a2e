import ThawGraph
import ThawTensor
import ThawTypes

/// The arrays of a data set in the types that a model and a loss take, checked.
struct Samples {
  let source: String
  let count: Int
  let target: Tensor
  private let inputs: [(name: String, tensor: Tensor)]

  /// Holds a data set against a model.
  ///
  /// - Parameter given: the inputs that do not come from the data.
  /// - Throws: `TrainingError` of kind `data` that names the array, and the row where there is one.
  init(
    _ dataset: Dataset, for model: Model, loss: Loss, prediction: TensorType?, given: Set<String> = []
  ) throws {
    source = dataset.source
    inputs = try model.inputs.filter { !given.contains($0.name) }.map { name, type in
      let array = try dataset.array(name, for: "an input of the model" + (type.map { ", \($0)" } ?? ""))
      return (name, try Self.input(array, name, type, dataset.source))
    }
    let array = try dataset.array("target", for: "what the model should give")
    target = try Self.target(array, loss, prediction?.dtype ?? .float32, dataset.source)
    count = target.shape[0]
    guard count > 0 else { throw TrainingError(.data, "\(source): there are no samples") }
    for (name, tensor) in inputs where tensor.shape[0] != count {
      throw TrainingError(
        .data,
        "\(source): the array '\(name)' holds \(tensor.shape[0]) samples, and 'target' holds \(count); they should be "
          + "as many")
    }
  }

  /// The inputs and the target of some samples.
  func batch(_ rows: [Int]) throws -> (inputs: [String: Value], target: Tensor) {
    let values = try inputs.map { ($0.name, Value.tensor(try $0.tensor.rows(rows))) }
    return (Dictionary(values) { first, _ in first }, try target.rows(rows))
  }

  private static func input(_ array: Tensor, _ name: String, _ type: ValueType?, _ source: String) throws -> Tensor {
    guard let type else { return try finite(array, name, source) }
    guard let type = type.tensor else {
      throw TrainingError(.data, "the input '\(name)' of the model is \(type), and only tensors can be trained on")
    }
    var converted = array
    if type.dtype == .float32, array.dtype == .float64 { converted = try withErrors { array.cast(to: .float32) } }
    guard converted.dtype == type.dtype else {
      throw TrainingError(
        .data, "\(source): the array '\(name)' should be \(type) and is \(array.type): convert it to \(type.dtype)")
    }
    if let dims = type.dims {
      let fits =
        dims.count == array.rank && array.rank > 0
        && zip(dims, array.shape).dropFirst().allSatisfy { $0.value == nil || $0.value == $1 }
      guard fits else {
        throw TrainingError(
          .data,
          "\(source): the array '\(name)' should be \(type), its first axis counting samples, and is \(array.type)")
      }
    }
    return try finite(converted, name, source)
  }

  private static func target(_ array: Tensor, _ loss: Loss, _ dtype: DType, _ source: String) throws -> Tensor {
    switch loss {
    case .crossEntropy:
      guard array.dtype.isInteger else {
        throw TrainingError(
          .data,
          "\(source): the array 'target' should hold integer labels (int64 or int32) for the loss cross-entropy and is "
            + "\(array.type)")
      }
      return try withErrors { array.cast(to: .int64) }
    case .meanSquaredError:
      guard array.dtype == dtype || (array.dtype == .float64 && dtype == .float32) else {
        throw TrainingError(
          .data, "\(source): the array 'target' should be \(dtype) for the loss mse and is \(array.type)")
      }
      return try finite(withErrors { array.cast(to: dtype) }, "target", source)
    }
  }

  /// The array, if every floating number in it is one.
  private static func finite(_ array: Tensor, _ name: String, _ source: String) throws -> Tensor {
    guard array.dtype.isFloatingPoint, let place = try array.firstNonFinite() else { return array }
    let row = place.index / max(array.shape.dropFirst().reduce(1, *), 1)
    throw TrainingError(
      .data, "\(source): the array '\(name)' holds \(place.value) in row \(row); every number should be finite")
  }
}
