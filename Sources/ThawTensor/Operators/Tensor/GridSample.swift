import ThawTypes

/// Elements of images at places that a grid says, by interpolation (ONNX GridSample-16, 20, 22; PyTorch's
/// `grid_sample`).
///
/// The grid's last axis holds the coordinates of a place, the last axis' first, from −1 to 1. Places outside are zero,
/// the border's, or mirrored; under the cubic mode each neighbour by itself, as in PyTorch. Whole numbers are truncated.
public struct GridSample: Composite {
  public enum Padding: String, Hashable, Sendable, CaseIterable { case zeros, border, reflection }

  public var mode: Interpolation.Mode
  public var padding: Padding
  /// Whether −1 and 1 are the middles of the outermost elements, rather than their edges.
  public var alignsCorners: Bool

  public init(mode: Interpolation.Mode = .linear, padding: Padding = .zeros, alignsCorners: Bool = false) {
    self.mode = mode
    self.padding = padding
    self.alignsCorners = alignsCorners
  }

  public static let schema = Schema(
    "GridSample", versions: [16, 20, 22], inputs: [Input("X"), Input("grid")], batch: .mixing,
    autogradName: "GridSampler2D")

  private static let oldNames = ["bilinear": "linear", "bicubic": "cubic"]

  public init(_ node: NodeReader) throws {
    let text = try node.string("mode") ?? "linear"
    guard let mode = Interpolation.Mode(rawValue: Self.oldNames[text] ?? text) else {
      throw TensorError(.unsupported, "GridSample: the attribute mode is '\(text)'; it may be nearest, linear or cubic")
    }
    let name = try node.string("padding_mode") ?? "zeros"
    guard let padding = Padding(rawValue: name) else {
      throw TensorError(
        .unsupported, "GridSample: the attribute padding_mode is '\(name)'; it may be zeros, border or reflection")
    }
    self.init(mode: mode, padding: padding, alignsCorners: try node.flag("align_corners", default: false))
  }

  public func attributes(opset: Int) throws -> [String: Attribute] {
    let name = opset < 20 ? Self.oldNames.first { $0.value == mode.rawValue }?.key ?? mode.rawValue : mode.rawValue
    return [
      "mode": .text(name), "padding_mode": .text(padding.rawValue), "align_corners": .int(alignsCorners ? 1 : 0),
    ]
  }

  public func batchAxes(of batch: BatchLayout) -> [BatchAxis?] {
    batch[0] == 0 && batch[1] == 0 ? batch.all(0) : batch.mixed
  }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    let x = try tensorType(inputs, 0, of: Self.schema)
    let grid = try tensorType(inputs, 1, of: Self.schema)
    guard x.dtype.samplingType != nil, grid.dtype.isFloatingPoint else {
      throw TensorError(
        .dtype, "GridSample: X is \(x) and the grid \(grid); X should be numbers, and the grid floating")
    }
    guard let dims = x.dims, let gridDims = grid.dims else { return [.tensor(TensorType(x.dtype, nil))] }
    let fits =
      dims.count >= 3 && dims.count <= 5 && gridDims.count == dims.count
      && (gridDims.last?.value.map { $0 == dims.count - 2 } ?? true)
      && Shapes.broadcast([dims[0]], [gridDims[0]]) != nil
    guard fits else {
      throw TensorError(
        .shape,
        "GridSample: X is \(x) and the grid \(grid); of rank 3 to 5 each, with the same batch, the grid's last axis "
          + "having a coordinate for each of X's spatial axes")
    }
    if dims[2...].contains(.known(0)) {
      throw TensorError(.shape, "GridSample: X is \(x), and has no elements to sample")
    }
    return [.tensor(TensorType(x.dtype, Array(dims[..<2]) + Array(gridDims[1..<(gridDims.count - 1)])))]
  }

  public func body(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let given = try tensor(inputs, 0, of: Self.schema)
    let grid = try tensor(inputs, 1, of: Self.schema)
    _ = try outputTypes(inputs.map { $0?.type }, known: KnownValues())
    let x = given.asType(given.dtype.samplingType ?? given.dtype)
    let sizes = Array(x.shape[2...])
    let planes = x.reshaped(to: Tensor([0, 0, -1]))
    let places = grid.asType(x.dtype).reshaped(to: Tensor([0, -1, sizes.count]))
    let coordinates = sizes.indices.map { axis in
      let column = places.gather(Tensor(sizes.count - 1 - axis), axis: 2)
      let size = Double(sizes[axis])
      let place = alignsCorners ? (column + 1) * ((size - 1) / 2) : ((column + 1) * size - 1) * 0.5
      return mode == .cubic ? place : padded(mode == .nearest ? place.round() : place, size: sizes[axis])
    }
    let sum = try samples(of: planes, at: coordinates, sizes)
    let shape = Tensor.concat([
      x.shapeTensor().slice([0..<2]), grid.shapeTensor().slice([1..<(grid.rank - 1)]),
    ])
    return [.tensor(try apply(Reshape(allowsZero: true), to: sum, shape).asType(given.dtype))]
  }

  /// What lies at places between elements: of planes (image, channel, element), for each of an image's places, given by
  /// one coordinate (image, place) an axis, the first axis first.
  func samples(of planes: Tensor, at coordinates: [Tensor], _ sizes: [Int]) throws -> Tensor {
    var sum: Tensor?
    for neighbour in neighbours(of: coordinates) {
      let part = try sampled(planes, at: neighbour.places, sizes) * neighbour.weight.unsqueezed(axes: [1])
      sum = sum.map { $0 + part } ?? part
    }
    guard let sum else { throw TensorError(.internal, "GridSample: no neighbours") }
    return sum
  }

  /// The elements a place is computed from: their coordinates, whole numbers, and what they weigh.
  private func neighbours(of coordinates: [Tensor]) -> [(places: [Tensor], weight: Tensor)] {
    var result: [(places: [Tensor], weight: Tensor)] = []
    for coordinate in coordinates {
      let taps = taps(of: coordinate)
      result =
        result.isEmpty
        ? taps.map { ([$0.place], $0.weight) }
        : result.flatMap { partial in taps.map { (partial.places + [$0.place], partial.weight * $0.weight) } }
    }
    return result
  }

  private func taps(of coordinate: Tensor) -> [(place: Tensor, weight: Tensor)] {
    if mode == .nearest { return [(coordinate, coordinate * 0 + 1)] }
    let first = coordinate.floor()
    let ratio = coordinate - first
    if mode == .linear { return [(first, 1 - ratio), (first + 1, ratio)] }
    let a = -0.75
    func inner(_ t: Tensor) -> Tensor { ((a + 2) * t - (a + 3)) * t * t + 1 }
    func outer(_ t: Tensor) -> Tensor { (((t - 5) * t + 8) * t - 4) * a }
    let rest = 1 - ratio
    return [
      (first - 1, outer(ratio + 1)), (first, inner(ratio)), (first + 1, inner(rest)), (first + 2, outer(rest + 1)),
    ]
  }

  /// Elements at whole places, zero outside.
  private func sampled(_ planes: Tensor, at places: [Tensor], _ sizes: [Int]) throws -> Tensor {
    var index: Tensor?
    var isInside: Tensor?
    for (axis, size) in sizes.enumerated() {
      let place = mode == .cubic ? padded(places[axis], size: size) : places[axis]
      let whole = place.detachedClip(to: size).cast(to: .int64)
      index = index.map { $0 * size + whole } ?? whole
      guard padding == .zeros else { continue }
      let fits = try apply(And(), to: place .>= 0, place .<= (size - 1))
      isInside = try isInside.map { try apply(And(), to: $0, fits) } ?? fits
    }
    guard let index else { throw TensorError(.internal, "GridSample: no spatial axes") }
    let shape = Tensor.concat([planes.shapeTensor().slice([0..<2]), index.shapeTensor().slice([1..<2])])
    let elements = planes.gatherElements(index.unsqueezed(axes: [1]).expanded(to: shape), axis: 2)
    return isInside.map { .where($0.unsqueezed(axes: [1]), elements, 0) } ?? elements
  }

  /// A coordinate brought inside, as the padding says.
  private func padded(_ place: Tensor, size: Int) -> Tensor {
    let last = Double(size - 1)
    switch padding {
    case .zeros: return place
    case .border: return place.clip(min: 0, max: last)
    case .reflection:
      let (low, span) = alignsCorners ? (0, last) : (-0.5, last + 1)
      guard span > 0 else { return place * 0 }
      let distance = (place - low).abs()
      let turns = (distance / span).floor()
      let rest = distance - turns * span
      let isOdd = (turns - (turns * 0.5).floor() * 2) .> 0.5
      return Tensor.where(isOdd, low + span - rest, rest + low).clip(min: 0, max: last)
    }
  }
}

extension DType {
  /// The type that elements of this one are interpolated in, and their places told in; nil for what is no number.
  var samplingType: DType? {
    switch self {
    case .float32, .float64: self
    case .int32, .int64, .uint32, .uint64: .float64
    case .string, .complex64, .complex128: nil
    default: .float32
    }
  }
}

extension Tensor {
  /// This coordinate, outside of every graph, as the nearest one inside; NaN counts as 0.
  fileprivate func detachedClip(to size: Int) -> Tensor {
    let place = detach()
    return Tensor.where(place .== place, place, 0).clip(min: 0, max: Double(size - 1))
  }

  /// Elements of images at the places of a grid; see `GridSample`.
  public func gridSample(
    _ grid: Tensor, mode: Interpolation.Mode = .linear, padding: GridSample.Padding = .zeros,
    alignsCorners: Bool = false
  ) -> Tensor {
    .catching {
      try apply(GridSample(mode: mode, padding: padding, alignsCorners: alignsCorners), to: self, grid)
    }
  }
}
