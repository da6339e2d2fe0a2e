/// Where the samples of a batch lie in a value.
public enum BatchAxis: Hashable, Sendable {
  /// Nowhere: the value is the same whatever the samples are, and however many.
  case same
  /// Nowhere, though the value may be another for another number of samples.
  case count
  /// Along an axis: an entry along it is a function of the sample in this place, whatever the place and the others.
  case along(Int)
}

/// A batch on its way into an operation: where its samples lie in the inputs, and the shapes of all values.
///
/// The rules here are what operators have in common; each gives the batch's place in every output, nil where samples
/// may meet.
public struct BatchLayout: Sendable {
  public struct Input: Sendable {
    public let axis: BatchAxis
    public let shape: [Int]
    /// The numbers, where they are known.
    public let value: Tensor?

    public init(_ axis: BatchAxis, shape: [Int], value: Tensor? = nil) {
      self.axis = axis
      self.shape = shape
      self.value = value
    }
  }

  /// How many samples there are.
  public let sampleCount: Int
  /// nil for an input that is absent.
  public let inputs: [Input?]
  /// The shapes of the outputs.
  public let outputs: [[Int]]

  public init(sampleCount: Int, inputs: [Input?], outputs: [[Int]]) {
    self.sampleCount = sampleCount
    self.inputs = inputs
    self.outputs = outputs
  }

  /// The axis of an input along which the samples lie.
  public subscript(index: Int) -> Int? {
    if case .along(let axis)? = input(index)?.axis { axis } else { nil }
  }

  /// The shape of an input; that of a scalar where it is absent.
  public func shape(_ index: Int) -> [Int] { input(index)?.shape ?? [] }

  /// The numbers of an input as integers; nil where they are unknown or it is absent.
  public func integers(_ index: Int) -> [Int]? { try? input(index)?.value?.integers() }

  /// Whether an input is absent, or the same whatever the samples are.
  public func isSame(_ index: Int) -> Bool { input(index).map { $0.axis == .same } ?? true }

  /// Whether an input says the same to every sample that lies so far from the end of its axes, broadcasting included.
  public func isSame(_ index: Int, fromEnd distance: Int) -> Bool {
    guard let input = input(index) else { return true }
    let axis = input.shape.count - distance
    return input.axis == .same && (axis < 0 || input.shape[axis] == 1 || input.isUniform(along: axis))
  }

  public func input(_ index: Int) -> Input? { index < inputs.count ? inputs[index] : nil }

  /// Every output has the batch along this axis.
  public func all(_ axis: Int?) -> [BatchAxis?] { outputs.map { _ in axis.map(BatchAxis.along) } }

  /// Samples may meet in every output.
  public var mixed: [BatchAxis?] { all(nil) }

  // Rules.

  /// Each element by itself, all inputs broadcast.
  public func elementwise() -> [BatchAxis?] {
    let distances = inputs.indices.compactMap { index in self[index].map { shape(index).count - $0 } }
    guard let distance = distances.first, distances.allSatisfy({ $0 == distance }),
      inputs.indices.allSatisfy({ self[$0] != nil || isSame($0, fromEnd: distance) })
    else { return mixed }
    return outputs.map { .along($0.count - distance) }
  }

  /// Each sample of the first input by itself, along its first axis; all other inputs are the same for all.
  public func rowwise() -> [BatchAxis?] { self[0] == 0 ? kept() : mixed }

  /// The samples of the first input stay along their axis, unless it is one of these (counted from the end when
  /// negative), along which elements meet or move; all other inputs are the same for all.
  public func kept(apartFrom axes: [Int] = []) -> [BatchAxis?] {
    guard let axis = self[0], !contains(axes, axis), inputs.indices.dropFirst().allSatisfy(isSame) else { return mixed }
    return all(axis)
  }

  /// As `kept(apartFrom:)`, for elements that meet along an axis and all that follow it.
  public func kept(before axis: Int) -> [BatchAxis?] {
    let rank = shape(0).count
    return kept(apartFrom: Array(Swift.max(0, axis < 0 ? axis + rank : axis)..<Swift.max(rank, axis)))
  }

  /// Of copies of one thing, as many along one axis as there are samples: one for each.
  ///
  /// - Parameter index: the input that is copied, if any.
  public func copied(_ index: Int? = nil) -> [BatchAxis?] {
    outputs.map { shape in
      let axes = shape.indices.filter { axis in
        shape[axis] == sampleCount && index.map { isSame($0, fromEnd: shape.count - axis) } ?? true
      }
      return axes.count == 1 ? .along(axes[0]) : nil
    }
  }

  /// As `kept(apartFrom:)`, the axes being gone from the outputs or of size 1.
  public func reduced(_ axes: [Int], keepDims: Bool) -> [BatchAxis?] {
    guard case .along(let axis)? = kept(apartFrom: axes).first else { return mixed }
    let rank = shape(0).count
    return all(keepDims ? axis : axis - axes.count { ($0 < 0 ? $0 + rank : $0) < axis })
  }

  /// The first input's elements in their row-major order, in another shape.
  public func reshaped() -> [BatchAxis?] {
    guard let axis = self[0], inputs.indices.dropFirst().allSatisfy({ self[$0] == nil }) else { return mixed }
    let before = shape(0)[..<axis].reduce(1, *)
    return outputs.map { shape in
      // The rows before the samples' axis must be as many, and its size the same.
      shape.indices.first { shape[$0] == sampleCount && shape[..<$0].reduce(1, *) == before }.map(BatchAxis.along)
    }
  }

  /// Products of matrices, the axes before them broadcast; a vector is a matrix that the result does not show.
  public func product(_ left: Int, _ right: Int) -> [BatchAxis?] {
    let (a, b, rank) = (shape(left).count, shape(right).count, outputs.first?.count ?? 0)
    /// Where an axis of a stack of matrices, so far from the end, comes to lie.
    func stack(_ distance: Int) -> [BatchAxis?] {
      distance > 2 ? all(rank - distance + (a == 1 ? 1 : 0) + (b == 1 ? 1 : 0)) : mixed
    }
    switch (self[left].map { a - $0 }, self[right].map { b - $0 }) {
    case (2?, nil) where isSame(right): return all(rank - (b == 1 ? 1 : 2))
    case (nil, 1?) where isSame(left) && b > 1: return all(rank - 1)
    case (let distance?, nil) where isSame(right, fromEnd: distance): return stack(distance)
    case (nil, let distance?) where isSame(left, fromEnd: distance): return stack(distance)
    case (let distance?, let other?) where distance == other: return stack(distance)
    default: return mixed
    }
  }

  private func contains(_ axes: [Int], _ axis: Int) -> Bool {
    axes.contains(axis) || axes.contains(axis - shape(0).count)
  }
}

extension BatchLayout.Input {
  /// Whether all entries along an axis are known to be equal.
  fileprivate func isUniform(along axis: Int) -> Bool {
    guard let value, value.dtype != .string, let numbers = try? value.elements(as: Double.self) else { return false }
    let inner = shape[(axis + 1)...].reduce(1, *)
    let size = shape[axis]
    return numbers.indices.allSatisfy { index in
      numbers[index] == numbers[index - index / inner % max(size, 1) * inner]
    }
  }
}
