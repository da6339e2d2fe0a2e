import ThawTypes

/// A tensor with elements added, or taken away, at both ends of its axes (ONNX Pad-1, 2, 11, 13, 18, 19, 21, 23, 24, 25).
///
/// The second input has the numbers for all beginnings, then for all ends; negative ones crop. Before version 11 the
/// constant is a float attribute; it is converted to the data's type. Strings are padded with the empty one unless
/// another is given.
public struct Pad: Primitive {
  /// What is added; the raw values are ONNX's.
  public enum Mode: String, Hashable, Sendable, CaseIterable {
    /// One number, 0 unless the third input gives another.
    case constant
    /// The elements mirrored at the first and at the last one.
    case reflect
    /// The first and the last element.
    case edge
    /// The elements again, as on a torus.
    case wrap
  }

  public var mode: Mode

  public init(mode: Mode = .constant) { self.mode = mode }

  public static let schema = Schema(
    "Pad", versions: [1, 2, 11, 13, 18, 19, 21, 23, 24, 25],
    inputs: [
      Input("data"), Input("pads", .index, value: true), Input("constant_value", .setting, optional: true),
      Input("axes", .index, value: true, optional: true),
    ], outputs: [Output("output")], batch: .mixing, autogradName: "ConstantPadNd")

  public init(_ node: NodeReader) throws {
    let text = try node.string("mode") ?? "constant"
    guard let mode = Mode(rawValue: text), mode != .wrap || node.version >= 19 else {
      throw TensorError(
        .unsupported, "Pad: the attribute mode is '\(text)', which version \(node.version) does not have")
    }
    self.mode = mode
    guard node.version < 11 else { return }
    let name = node.version < 2 ? "paddings" : "pads"
    node.supply(try Tensor(copying: try node.required(name, try node.ints(name)), shape: nil), asInput: 1)
    let value = try node.float("value", default: 0)
    if value != 0 { node.supply(try Tensor(copying: [value], shape: []), asInput: 2) }
  }

  public func attributes(opset: Int) throws -> [String: Attribute] { ["mode": .text(mode.rawValue)] }

  public var minimumOpset: Int { mode == .wrap ? 19 : 11 }

  public func batchAxes(of batch: BatchLayout) -> [BatchAxis?] {
    let rank = batch.shape(0).count
    guard let pads = batch.integers(1), let axes = batch.input(3) == nil ? Array(0..<rank) : batch.integers(3),
      let edges = try? edges(pads, axes: axes, rank: rank)
    else { return batch.mixed }
    return batch.kept(apartFrom: edges.filter { $0.begin != 0 || $0.end != 0 }.map(\.axis))
  }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    let data = try tensorType(inputs, 0, of: Self.schema)
    if let constant = try optionalTensorType(inputs, 2, of: Self.schema),
      data.dtype == .string || constant.dtype == .string,
      constant.dtype != data.dtype
    {
      throw TensorError(.dtype, "Pad: the data is \(data.dtype) and the constant \(constant.dtype); they should agree")
    }
    guard var dims = data.dims else { return [.tensor(data)] }
    guard let pads = try known.integers(1), inputs.count <= 3 || inputs[3] == nil || known[3] != nil else {
      return [.tensor(TensorType(data.dtype, dims.map { _ in .unknown }))]
    }
    for edge in try edges(pads, axes: try known.integers(3), rank: dims.count) {
      if let size = dims[edge.axis].value {
        dims[edge.axis] = .known(try edge.padded(size))
      } else if edge.begin != 0 || edge.end != 0 {
        dims[edge.axis] = .unknown
      }
    }
    return [.tensor(TensorType(data.dtype, dims))]
  }

  public func forward(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let data = try tensor(inputs, 0, of: Self.schema)
    let pads = try tensor(inputs, 1, of: Self.schema).integers()
    let edges = try edges(pads, axes: try optionalTensor(inputs, 3, of: Self.schema)?.integers(), rank: data.rank)
    if mode != .constant {
      let used = edges.filter { $0.begin != 0 || $0.end != 0 }
      return [
        .tensor(try used.reduce(data) { try $0.gathered(try indices($1, size: $0.shape[$1.axis]), axis: $1.axis) })
      ]
    }
    var shape = data.shape
    for edge in edges { shape[edge.axis] = try edge.padded(shape[edge.axis]) }
    let constant = try optionalTensor(inputs, 2, of: Self.schema).map { try $0.setting(as: data.dtype, in: "Pad") }
    let filling = try (constant ?? Tensor.full([], 0, dtype: data.dtype)).broadcast(to: shape)
    let result = try filling.copied()
    // What stays of the data, and where it comes to lie.
    let source = try data.cut(
      by: edges.map {
        SliceCut(axis: $0.axis, start: max(0, -$0.begin), end: data.shape[$0.axis] + min(0, $0.end), step: 1)
      })
    let target = try result.cut(
      by: edges.map { edge in
        let start = max(0, edge.begin)
        return SliceCut(axis: edge.axis, start: start, end: start + source.shape[edge.axis], step: 1)
      })
    try source.copy(onto: target)
    return [.tensor(result)]
  }

  /// What is added along one axis.
  private struct Edge {
    let axis: Int
    let begin: Int
    let end: Int

    func padded(_ size: Int) throws -> Int {
      let (first, overflow) = size.addingReportingOverflow(begin)
      let (sum, overflow2) = first.addingReportingOverflow(end)
      // Each end alone may not crop more than there is, so that no padding is cropped.
      guard !overflow, !overflow2, sum >= 0, begin >= -size, end >= -size else {
        throw TensorError(.shape, "Pad: axis \(axis) of size \(size) cannot be padded by \(begin) and \(end)")
      }
      return sum
    }
  }

  private func edges(_ pads: [Int], axes: [Int]?, rank: Int) throws -> [Edge] {
    let axes = axes ?? Array(0..<rank)
    guard pads.count == 2 * axes.count else {
      throw TensorError(
        .shape, "Pad: there are \(pads.count) pads for \(axes.count) axes; there should be two for each")
    }
    _ = try Shapes.normalize(axes: axes, rank: rank, in: "Pad")
    return try axes.enumerated().map { index, axis in
      Edge(
        axis: try Shapes.normalize(axis: axis, rank: rank, in: "Pad"), begin: pads[index],
        end: pads[axes.count + index])
    }
  }

  /// Where each element of a padded axis comes from.
  private func indices(_ edge: Edge, size: Int) throws -> Tensor {
    let padded = try edge.padded(size)
    guard size > 0 || padded == 0 else {
      throw TensorError(.shape, "Pad: axis \(edge.axis) is empty, and the mode \(mode) has nothing to pad it with")
    }
    return try Tensor.vector(padded) { index -> Int in
      let place = index - edge.begin
      switch mode {
      case .constant, .edge: return max(0, min(place, size - 1))
      case .wrap: return (place % size + size) % size
      case .reflect:
        let period = max(1, 2 * (size - 1))
        let inside = (place % period + period) % period
        return inside < size ? inside : period - inside
      }
    }
  }

  public func saved(_ inputs: [Value?], _ outputs: [Value?], needs: InputMask) -> [Value?] {
    let constant = inputs.count > 2 ? inputs[2] : nil
    let axes = inputs.count > 3 ? inputs[3] : nil
    let shape = mode == .constant ? nil : (inputs[0]?.tensor).map { Value.tensor($0.shapeTensor()) }
    return [inputs[1], needs[2] ? constant : nil, axes, shape]
  }

  /// Cropping takes the padding away again; what it takes away belongs to the constant. In the other modes an element's
  /// gradients are added up where it came from.
  public func pullback(_ gradients: [Tensor?], saved: [Value?], needs: InputMask) throws -> [Tensor?] {
    guard let gradient = gradients[0] else { return [nil, nil, nil] }
    let pads = try tensor(saved, 0, of: Self.schema)
    let axes = try optionalTensor(saved, 2, of: Self.schema)
    if let shape = try optionalTensor(saved, 3, of: Self.schema) {
      let places = try apply(self, to: Tensor.elementNumbers(shape), pads, nil, axes)
      return [gradient.added(at: places, inShape: shape), nil, nil]
    }
    let inner = try apply(Pad(), to: gradient, -pads, nil, axes)
    guard needs[2], let constant = try optionalTensor(saved, 1, of: Self.schema) else { return [inner, nil, nil] }
    let outer = gradient.sum() - inner.sum()
    return [inner, nil, outer.cast(to: constant.dtype).reshaped(to: constant.shape)]
  }
}

extension Tensor {
  /// This tensor with elements added at both ends of its axes; see `Pad`.
  ///
  /// - Parameter pads: the numbers for the beginnings of all axes, then for their ends; negative ones crop.
  public func padded(_ pads: [Int], mode: Pad.Mode = .constant, value: Double = 0) -> Tensor {
    .catching { try apply(Pad(mode: mode), to: self, Tensor(pads), value == 0 ? nil : scalar(value)) }
  }
}
