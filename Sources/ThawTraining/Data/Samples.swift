import ThawGraph
import ThawTensor
import ThawTypes

/// The arrays of a data set in the types that a model and a loss take, checked.
struct Samples {
  let source: String
  let count: Int
  /// nil where the loss needs none.
  let target: Tensor?
  private let inputs: [(name: String, tensor: Tensor)]

  /// Holds a data set against a model.
  ///
  /// - Throws: `TrainingError` of kind `data` that names the array, and the row where there is one.
  init(_ dataset: Dataset, for model: Model, loss: Loss, prediction: TensorType?) throws {
    source = dataset.source
    inputs = try model.inputs.map { name, type in
      let array = try dataset.array(name, for: "an input of the model" + (type.map { ", \($0)" } ?? ""))
      return (name, try Self.input(array, name, type, dataset.source))
    }
    target = loss.needsTarget ? try Self.target(dataset, loss, prediction?.dtype ?? .float32) : nil
    guard let first = target.map({ (name: "target", tensor: $0) }) ?? inputs.first else {
      throw TrainingError(
        .model, "the model has no input, and the loss \(loss) needs no target: nothing counts samples")
    }
    count = first.tensor.shape[0]
    guard count > 0 else { throw TrainingError(.data, "\(source): there are no samples") }
    for (name, tensor) in inputs where tensor.shape[0] != count {
      throw TrainingError(
        .data,
        "\(source): the array '\(name)' holds \(tensor.shape[0]) samples, and '\(first.name)' holds \(count); they "
          + "should be as many")
    }
  }

  /// The inputs and the target of some samples.
  func batch(_ rows: [Int]) throws -> (inputs: [String: Value], target: Tensor?) {
    let values = try inputs.map { ($0.name, Value.tensor(try $0.tensor.rows(rows))) }
    return (Dictionary(values) { first, _ in first }, try target?.rows(rows))
  }

  private static func input(_ array: Tensor, _ name: String, _ type: ValueType?, _ source: String) throws -> Tensor {
    guard let type else { return try finite(array, name, source) }
    guard let type = type.tensor else {
      throw TrainingError(.data, "the input '\(name)' of the model is \(type), and only tensors can be trained on")
    }
    var converted = array
    let narrower: [DType] = [.float32, .float16, .bfloat16]
    if narrower.contains(type.dtype), [.float64, .float32].contains(array.dtype) {
      converted = try withErrors { array.cast(to: type.dtype) }
    }
    guard converted.dtype == type.dtype else {
      throw TrainingError(
        .data, "\(source): the array '\(name)' should be \(type) and is \(array.type): convert it to \(type.dtype)")
    }
    if let dims = type.dims {
      let fits =
        dims.count == array.rank
        && zip(dims, array.shape).dropFirst().allSatisfy { $0.value == nil || $0.value == $1 }
      guard fits else {
        throw TrainingError(
          .data,
          "\(source): the array '\(name)' should be \(type), its first axis counting samples, and is \(array.type)")
      }
    }
    return try finite(converted, name, source)
  }

  private static func target(_ dataset: Dataset, _ loss: Loss, _ prediction: DType) throws -> Tensor {
    let array = try dataset.array("target", for: "what the model should give")
    do {
      let target = try loss.rule.converted(target: array, to: Loss.dtype(for: prediction))
      return try finite(target, "target", dataset.source)
    } catch let error as TrainingError where error.message.hasPrefix("should ") {
      throw TrainingError(error.kind, "\(dataset.source): the array 'target' \(error.message)")
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
