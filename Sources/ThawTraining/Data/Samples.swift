import ThawGraph
import ThawTensor
import ThawTypes

/// The samples of a data set in the types that a model and a loss take.
struct Samples {
  let source: String
  let count: Int
  private var inputs: [Feed]
  /// nil where the loss needs none.
  private let target: Feed?
  let passedChecks: PassedChecks

  /// Holds the names, types and shapes of a data set against a model; the numbers themselves are checked by `check`.
  ///
  /// - Parameter given: the inputs that do not come from the data.
  /// - Throws: `TrainingError` of kind `data` that names the array.
  init(
    _ dataset: Dataset, for model: Model, loss: Loss, prediction: TensorType?, given: Set<String> = []
  ) throws {
    source = dataset.source
    passedChecks = dataset.passedChecks
    // Without the right target, the inputs from text would be other columns.
    target = try loss.needsTarget ? dataset.targetFeed(loss, prediction?.dtype ?? .float32) : nil
    let sampled = model.inputs.enumerated().filter { !given.contains($0.element.name) }
    inputs = try sampled.map { position, input in
      let array = try dataset.array(
        forInput: input.name, input.type, position: position, isOnly: sampled.count == 1)
      return try dataset.feed(array, input.name, input.type)
    }
    guard let first = target ?? inputs.first else {
      throw TrainingError(
        .model, "the model has no input, and the loss \(loss) needs no target: nothing counts samples")
    }
    count = first.count
    guard count > 0 else { throw TrainingError(.data, "\(source): there are no samples") }
    for input in inputs where input.count != count {
      throw TrainingError(
        .data,
        "\(source): the array '\(input.name)' holds \(input.count) samples, and '\(first.name)' holds \(count); they "
          + "should be as many")
    }
  }

  /// The inputs and the target of some samples.
  func batch(_ rows: [Int]) throws -> (inputs: [String: Value], target: Tensor?) {
    let values = try inputs.map { ($0.name, Value.tensor(try $0.rows(rows))) }
    return (Dictionary(values) { first, _ in first }, try target?.rows(rows))
  }

  /// The types of the inputs, for all samples at once.
  var inputTypes: [String: TensorType] {
    Dictionary(inputs.map { ($0.name, TensorType($0.dtype, shape: $0.array.shape)) }) { first, _ in first }
  }

  /// The same samples with other arrays, which have a row for each of them, beside some of the inputs.
  func replacing(with arrays: [(name: String, array: RowArray)], keeping names: Set<String>) -> Samples {
    var samples = self
    samples.inputs =
      inputs.filter { names.contains($0.name) }
      + arrays.map { name, array in
        Feed(name: name, array: array, dtype: array.dtype, scaling: nil, selection: nil, source: source)
      }
    return samples
  }

  /// Goes through all numbers once, some rows at a time.
  ///
  /// - Parameters:
  ///   - name: what tells the target's check from others.
  ///   - targetCheck: for the target.
  ///   - progress: called with the share that is done.
  /// - Throws: `TrainingError` that names the first row that is wrong.
  func check(_ name: String, _ targetCheck: TargetCheck, progress: (Double) -> Void = { _ in }) throws {
    let feeds = inputs.filter(\.needsCheck) + (target.map { [$0] } ?? [])
    for (place, feed) in feeds.enumerated() {
      let isTarget = place == inputs.count(where: \.needsCheck)
      let purpose = "\(feed.name), \(feed.dtype), \(feed.scaling.map(String.init(describing:)) ?? "")"
      try passedChecks.once(isTarget ? "\(purpose), \(name)" : purpose) {
        for range in portions(of: feed) {
          let rows = try feed.check(range)
          if isTarget { try self.check(rows, of: feed, range, targetCheck) }
          progress((Double(place) + Double(range.upperBound) / Double(count)) / Double(feeds.count))
        }
      }
    }
  }

  /// Reads the target once, some rows at a time.
  func forEachTargetPortion(_ body: (Tensor) throws -> Void) throws {
    guard let target else { return }
    for range in portions(of: target) { try body(target.rows(Array(range))) }
  }

  /// Rows of about a megabyte each.
  private func portions(of feed: Feed) -> [Range<Int>] {
    let size = max(1, (1 << 20) / max(feed.array.shape.dropFirst().reduce(feed.array.dtype.itemSize, *), 1))
    return stride(from: 0, to: count, by: size).map { $0..<min($0 + size, count) }
  }

  private func check(_ rows: Tensor, of feed: Feed, _ range: Range<Int>, _ check: TargetCheck) throws {
    do {
      try check(rows) { feed.place(of: $0, in: range) }
    } catch let error as TrainingError {
      throw TrainingError(error.kind, "\(source): the array '\(feed.name)': \(error.message)")
    }
  }
}

extension Dataset {
  /// An array for an input of this type.
  ///
  /// - Throws: `TrainingError` of kind `data` when it does not fit.
  fileprivate func feed(_ array: RowArray, _ name: String, _ type: ValueType?) throws -> Feed {
    guard let type = type?.tensor ?? (type == nil ? array.type : nil) else {
      throw TrainingError(
        .data,
        "the input '\(name)' of the model is \(type.map { "\($0)" } ?? ""), and only tensors can be trained on")
    }
    let scaling = type.dtype.isFloatingPoint ? reading.scalings[name] ?? reading.scalings[""] : nil
    guard takes(array, as: type.dtype, scaled: scaling != nil) else {
      let advice =
        type.dtype.isFloatingPoint && array.dtype.isInteger ? ", or scale it (--scale 1 keeps the numbers)" : ""
      throw TrainingError(
        .data,
        "\(source): the array '\(name)' should be \(type) and is \(array.type): convert it to \(type.dtype)\(advice)")
    }
    if let dims = type.dims {
      let fits =
        dims.count == array.shape.count && !dims.isEmpty
        && zip(dims, array.shape).dropFirst().allSatisfy { $0.value == nil || $0.value == $1 }
      guard fits else {
        throw TrainingError(
          .data,
          "\(source): the array '\(name)' should be \(type), its first axis counting samples, and is \(array.type)")
      }
    }
    return Feed(
      name: name, array: array, dtype: type.dtype, scaling: scaling, selection: selection, source: source)
  }

  /// Whether numbers of an array may become numbers of a type. Text has no types; floating numbers become floating
  /// ones, whole ones whole ones where they fit, and floating ones where a scale says so.
  private func takes(_ array: RowArray, as dtype: DType, scaled: Bool) -> Bool {
    let given = array.dtype
    if given == dtype { return true }
    guard dtype != .string, given != .string else { return false }
    if array.isText { return true }
    if dtype.isFloatingPoint { return given.isFloatingPoint || scaled && (given.isInteger || given == .bool) }
    return dtype.isInteger && given.isInteger
  }

  /// - Parameter prediction: the type of what the target is compared with.
  fileprivate func targetFeed(_ loss: Loss, _ prediction: DType) throws -> Feed {
    let array = try targetArray()
    let computed = Loss.dtype(for: prediction)
    do {
      let type: DType
      do {
        type = try loss.rule.targetType(for: array.type, in: computed)
      } catch {
        // Text has no types: whole numbers may stand for floating ones.
        guard array.isText, array.dtype.isInteger else { throw error }
        type = try loss.rule.targetType(for: TensorType(.float64, shape: array.shape), in: computed)
      }
      return Feed(
        name: reading.target, array: array, dtype: type,
        scaling: type.isFloatingPoint ? reading.scalings[reading.target] : nil, selection: selection, source: source)
    } catch let error as TrainingError {
      throw TrainingError(error.kind, "\(source): the array '\(reading.target)' \(error.message)")
    }
  }
}
