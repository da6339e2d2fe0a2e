import ThawKernels
import ThawTypes

/// A tensor made larger or smaller by interpolation along its axes (ONNX Resize-10, 11, 13, 18, 19).
///
/// The inputs say by how much: `scales`, or `sizes`. Whole numbers are computed in float64 and rounded. Version 10 has
/// the scales as its second input and maps results to the element before them (`hasOldInputs`).
public struct Resize: Primitive {
  public var resizing: Resizing
  /// Whether the inputs are X and scales, as version 10 has them.
  public var hasOldInputs: Bool

  public init(_ resizing: Resizing, hasOldInputs: Bool = false) {
    self.resizing = resizing
    self.hasOldInputs = hasOldInputs
  }

  public static let schema = Schema(
    "Resize", versions: [10, 11, 13, 18, 19],
    inputs: [
      Input("X"), Input("roi", .index, value: true, optional: true),
      Input("scales", .index, value: true, optional: true), Input("sizes", .index, value: true, optional: true),
    ], batch: .mixing, autogradName: "Upsample")

  public init(_ node: NodeReader) throws {
    self.init(try Resizing(node), hasOldInputs: node.version < 11)
    if hasOldInputs {
      resizing.interpolation.coordinates = .asymmetric
      resizing.interpolation.rounding = .floor
    }
  }

  public func attributes(opset: Int) throws -> [String: Attribute] {
    guard hasOldInputs else { return try resizing.attributes(opset: opset, in: "Resize") }
    guard opset == 10 else {
      throw TensorError(.unsupported, "Resize: opset \(opset) has a region of interest where opset 10 has the scales")
    }
    return ["mode": .text(resizing.interpolation.mode.rawValue)]
  }

  public var minimumOpset: Int { hasOldInputs ? 10 : resizing.minimumOpset }

  /// Region, scales and sizes, whatever the version.
  private func settings(_ inputs: [Value?]) -> [Tensor?] {
    let rest = (1..<4).map { $0 < inputs.count ? inputs[$0]?.tensor : nil }
    return hasOldInputs ? [nil, rest[0], nil] : rest
  }

  public func batchAxes(of batch: BatchLayout) -> [BatchAxis?] {
    let known = KnownValues(batch.inputs.map { $0?.value })
    let values = settings([nil] + (1..<4).map { known[$0].map(Value.tensor) })
    guard let axis = batch[0], let settings = try? Resizing.Settings(values, from: 0, in: "Resize"),
      let changes = try? resizing.changes(batch.shape(0), settings, in: "Resize")
    else { return batch.mixed }
    return changes.contains { $0.axis == axis } ? batch.mixed : batch.all(axis)
  }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    let x = try tensorType(inputs, 0, of: Self.schema)
    guard x.dtype != .string || resizing.movesElements else {
      throw TensorError(.dtype, "Resize: X is string, and strings are picked (mode nearest) but not interpolated")
    }
    guard let dims = x.dims else { return [.tensor(x)] }
    let values = settings([nil] + (1..<4).map { known[$0].map(Value.tensor) })
    let given = (1..<4).filter { $0 < inputs.count && inputs[$0] != nil }
    let axes = try resizing.axes.map { try Shapes.normalize(axes: $0, rank: dims.count, in: "Resize") }
    let open = axes ?? Array(dims.indices)
    // With one scale for all axes each size hangs on the others.
    let isCommon = resizing.aspectRatio != .stretch && open.contains { dims[$0].value == nil }
    guard given.allSatisfy({ known[$0] != nil }), !given.isEmpty, !isCommon else {
      return [.tensor(TensorType(x.dtype, dims.indices.map { open.contains($0) ? .unknown : dims[$0] }))]
    }
    // Where a dimension is not known, what would become of two sizes shows whether it changes.
    let settings = try Resizing.Settings(values, from: 0, in: "Resize")
    let trials = try [1009, 2003].map { size in
      try resizing.changes(dims.map { $0.value ?? size }, settings, in: "Resize")
    }
    var result = dims
    for (first, second) in zip(trials[0], trials[1]) where first.axis == second.axis {
      result[first.axis] = first.resultSize == second.resultSize ? .known(first.resultSize) : .unknown
    }
    if trials[0].map(\.axis) != trials[1].map(\.axis) { result = dims.map { _ in .unknown } }
    return [.tensor(TensorType(x.dtype, result))]
  }

  public func forward(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let x = try tensor(inputs, 0, of: Self.schema)
    let tables = try resizing.tables(x.shape, settings(inputs), from: 0, in: "Resize")
    guard resizing.interpolation.mode != .nearest else { return [.tensor(try nearest(x, tables))] }
    guard x.dtype.isFloatingPoint || x.dtype.isInteger else {
      throw TensorError(.dtype, "Resize: X is \(x.dtype), and only numbers are interpolated")
    }
    let numbers = x.dtype.isFloatingPoint ? x : try x.numbers(as: .float64)
    let result = try extrapolated(try tables.reduce(numbers) { try $1.apply(to: $0, .forward) }, tables)
    return [.tensor(x.dtype.isFloatingPoint ? result : try elementwise(.round, result).numbers(as: x.dtype))]
  }

  /// Elements picked along each axis, which every type allows.
  private func nearest(_ x: Tensor, _ tables: [InterpolationTable]) throws -> Tensor {
    let picked = try tables.reduce(x) { try $0.gathered(Tensor(copying: $1.places, shape: nil), axis: $1.axis.axis) }
    return try extrapolated(picked, tables)
  }

  /// The results that stand for nothing in the input, replaced.
  private func extrapolated(_ y: Tensor, _ tables: [InterpolationTable]) throws -> Tensor {
    try withErrors {
      try tables.reduce(y) { y, table in
        guard table.isOutside.contains(true) else { return y }
        let column = y.shape.indices.map { $0 == table.axis.axis ? table.isOutside.count : 1 }
        let isOutside = try Tensor(copying: table.isOutside, shape: column)
        return .where(isOutside, resizing.interpolation.extrapolationValue, y)
      }
    }
  }

  public func saved(_ inputs: [Value?], _ outputs: [Value?], needs: InputMask) -> [Value?] {
    [(inputs[0]?.tensor).map { .tensor($0.shapeTensor()) }] + settings(inputs).map { $0.map(Value.tensor) }
  }

  public func pullback(_ gradients: [Tensor?], saved: [Value?], needs: InputMask) throws -> [Tensor?] {
    guard let gradient = gradients[0] else { return [nil] }
    return [try apply(ResizeGradient(resizing), to: [.tensor(gradient)] + saved, wanted: .only(0))[0]?.tensor]
  }
}

extension Resize: Superseded {
  package var isSuperseded: Bool { hasOldInputs }

  package func successor(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    [.tensor(try apply(Resize(resizing), to: try tensor(inputs, 0, of: Self.schema), nil, settings(inputs)[1]))]
  }
}

extension Tensor {
  /// This tensor with its last axes interpolated to `sizes`; see `Resize`.
  public func resized(to sizes: [Int], _ interpolation: Interpolation = Interpolation(mode: .linear)) -> Tensor {
    .catching {
      let others = shapeTensor().slice([0..<Swift.max(0, rank - sizes.count)])
      return try apply(Resize(Resizing(interpolation)), to: self, nil, nil, .concat([others, Tensor(sizes)]))
    }
  }
}
