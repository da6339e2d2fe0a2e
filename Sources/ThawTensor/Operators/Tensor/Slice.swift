import ThawTypes

/// Part of a tensor, as a view of the same memory (ONNX Slice-1, 10, 11, 13).
///
/// Starts, ends, axes and steps are inputs; negative starts and ends count from the end of an axis, and what is outside
/// is clamped.
public struct Slice: Primitive {
  public init() {}

  public static let schema = Schema(
    "Slice", versions: [1, 10, 11, 13],
    inputs: [
      Input("data"), Input("starts", .index, value: true), Input("ends", .index, value: true),
      Input("axes", .index, value: true, optional: true), Input("steps", .index, value: true, optional: true),
    ], outputs: [Output("output")], batch: .mixing)

  public init(_ node: NodeReader) throws {
    guard node.version < 10 else { return }
    node.supply(try Tensor(copying: try node.required("starts", try node.ints("starts")), shape: nil), asInput: 1)
    node.supply(try Tensor(copying: try node.required("ends", try node.ints("ends")), shape: nil), asInput: 2)
    if let axes = try node.ints("axes") { node.supply(try Tensor(copying: axes, shape: nil), asInput: 3) }
  }

  public var minimumOpset: Int { 10 }

  public func batchAxes(of batch: BatchLayout) -> [BatchAxis?] {
    guard let axes = batch.input(3) == nil ? batch.integers(1).map({ Array($0.indices) }) : batch.integers(3) else {
      return batch.mixed
    }
    guard let starts = batch.integers(1), let ends = batch.integers(2),
      let cuts = try? SliceCut.all(
        starts: starts, ends: ends, axes: axes, steps: batch.integers(4), rank: batch.shape(0).count, in: "Slice"),
      batch.input(4) == nil || batch.integers(4) != nil
    else { return batch.kept(apartFrom: axes) }
    return batch.kept(apartFrom: cuts.filter { !$0.keepsAll }.map(\.axis))
  }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    let data = try tensorType(inputs, 0, of: Self.schema)
    guard var dims = data.dims else { return [.tensor(data)] }
    func isGiven(_ index: Int) -> Bool { index < inputs.count && inputs[index] != nil }
    guard !isGiven(3) || known[3] != nil else {
      return [.tensor(TensorType(data.dtype, dims.map { _ in .unknown }))]
    }
    let axes = try known.integers(3)
    guard let starts = try known.integers(1), let ends = try known.integers(2), !isGiven(4) || known[4] != nil else {
      let open = try axes.map { try Shapes.normalize(axes: $0, rank: dims.count, in: "Slice") } ?? Array(dims.indices)
      for axis in open { dims[axis] = .unknown }
      return [.tensor(TensorType(data.dtype, dims))]
    }
    let cuts = try SliceCut.all(
      starts: starts, ends: ends, axes: axes, steps: try known.integers(4), rank: dims.count, in: "Slice")
    for cut in cuts {
      if let size = dims[cut.axis].value {
        dims[cut.axis] = .known(cut.resolved(size: size).count)
      } else if !cut.keepsAll {
        dims[cut.axis] = .unknown
      }
    }
    return [.tensor(TensorType(data.dtype, dims))]
  }

  public func forward(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let data = try tensor(inputs, 0, of: Self.schema)
    return [.tensor(try data.cut(by: try SliceCut.all(inputs, from: 1, rank: data.rank, of: Self.schema)))]
  }

  public func saved(_ inputs: [Value?], _ outputs: [Value?], needs: InputMask) -> [Value?] {
    [(inputs[0]?.tensor).map { .tensor($0.shapeTensor()) }] + inputs[1...]
  }

  public func pullback(_ gradients: [Tensor?], saved: [Value?], needs: InputMask) throws -> [Tensor?] {
    guard let gradient = gradients[0] else { return [nil] }
    return [try apply(SliceGradient(), to: [.tensor(gradient)] + saved)[0]?.tensor]
  }
}

/// What a slice takes along one axis.
struct SliceCut {
  let axis: Int
  let start: Int
  let end: Int
  let step: Int

  /// Whether it takes an axis whole, whatever its size.
  var keepsAll: Bool { start == 0 && step == 1 && end >= Int(Int32.max) }

  /// The cuts that the inputs from `first` on (starts, ends, axes, steps) describe.
  static func all(_ inputs: [Value?], from first: Int, rank: Int, of schema: Schema) throws -> [SliceCut] {
    try all(
      starts: try tensor(inputs, first, of: schema).integers(),
      ends: try tensor(inputs, first + 1, of: schema).integers(),
      axes: try optionalTensor(inputs, first + 2, of: schema)?.integers(),
      steps: try optionalTensor(inputs, first + 3, of: schema)?.integers(), rank: rank, in: schema.name)
  }

  static func all(
    starts: [Int], ends: [Int], axes: [Int]?, steps: [Int]?, rank: Int, in name: String
  ) throws -> [SliceCut] {
    let axes = axes ?? Array(starts.indices)
    let steps = steps ?? starts.map { _ in 1 }
    guard ends.count == starts.count, axes.count == starts.count, steps.count == starts.count else {
      throw TensorError(
        .shape,
        "\(name): there are \(starts.count) starts, \(ends.count) ends, \(axes.count) axes and \(steps.count) "
          + "steps; their numbers should be equal")
    }
    _ = try Shapes.normalize(axes: axes, rank: rank, in: name)
    return try axes.indices.map { index in
      let axis = try Shapes.normalize(axis: axes[index], rank: rank, in: name)
      guard steps[index] != 0 else { throw TensorError(.range, "\(name): the step along axis \(axis) is 0") }
      return SliceCut(axis: axis, start: starts[index], end: ends[index], step: steps[index])
    }
  }

  /// First index, step and number of indices along an axis of this size.
  func resolved(size: Int) -> (start: Int, step: Int, count: Int) {
    // A step as long as the axis takes one element, as any longer one does.
    let step = max(-max(size, 1), min(step, max(size, 1)))
    let lowest = step > 0 ? 0 : -1
    let highest = step > 0 ? size : size - 1
    func clamp(_ index: Int, _ lower: Int) -> Int { max(lower, min(index < 0 ? index + size : index, highest)) }
    let start = clamp(start, 0)
    let end = clamp(end, lowest)
    let distance = step > 0 ? end - start : start - end
    guard distance > 0, size > 0 else { return (0, step, 0) }
    return (start, step, (distance - 1) / abs(step) + 1)
  }
}

extension Tensor {
  /// The part in memory that the cuts take.
  func cut(by cuts: [SliceCut]) throws -> Tensor {
    var shape = shape
    var strides = try strides(broadcastTo: shape)
    var offset = 0
    for cut in cuts {
      let (start, step, count) = cut.resolved(size: shape[cut.axis])
      offset += start * strides[cut.axis]
      strides[cut.axis] *= step
      shape[cut.axis] = count
    }
    return try view(shape: shape, strides: strides, offsetBy: shape.contains(0) ? 0 : offset)
  }

  /// Part of this tensor; see `Slice`.
  ///
  /// - Parameters:
  ///   - starts: the first index along each axis; negative ones count from the end.
  ///   - ends: the index after the last one; what is outside is clamped.
  ///   - axes: the first ones when left out.
  ///   - steps: 1 when left out; negative ones go backwards.
  public func slice(starts: [Int], ends: [Int], axes: [Int]? = nil, steps: [Int]? = nil) -> Tensor {
    .catching {
      try apply(Slice(), to: self, Tensor(starts), Tensor(ends), axes.map { Tensor($0) }, steps.map { Tensor($0) })
    }
  }

  /// The elements in these ranges of indices along the first axes; see `Slice`.
  public func slice(_ ranges: [Range<Int>]) -> Tensor {
    slice(starts: ranges.map(\.lowerBound), ends: ranges.map(\.upperBound))
  }
}
