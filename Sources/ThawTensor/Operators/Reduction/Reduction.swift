import ThawKernels
import ThawTypes

/// What all reductions can be told.
public struct ReductionOptions: Hashable, Sendable {
  /// Whether a reduced axis stays, with size 1.
  public var keepDims: Bool
  /// Whether an empty list of axes means none instead of all.
  public var noopWithEmptyAxes: Bool

  public init(keepDims: Bool = true, noopWithEmptyAxes: Bool = false) {
    self.keepDims = keepDims
    self.noopWithEmptyAxes = noopWithEmptyAxes
  }
}

/// A reduction along axes; the second input, where it is given, is the axes.
protocol Reduction: Primitive {
  static var function: ReductionFunction { get }
  /// The first version that takes the axes as an input; older ones have an attribute.
  static var axesInputSince: Int { get }
  var options: ReductionOptions { get }
  init(options: ReductionOptions)
}

extension Schema {
  static func reduction(_ name: String, versions: [Int], autogradName: String? = nil) -> Schema {
    Schema(
      name, versions: versions,
      inputs: [Input("data"), Input("axes", .index, value: true, optional: true)], outputs: [Output("reduced")],
      batch: .mixing, autogradName: autogradName)
  }
}

extension Reduction {
  public init(_ node: NodeReader) throws {
    var options = ReductionOptions(keepDims: try node.flag("keepdims", default: true))
    if node.version >= Self.axesInputSince {
      options.noopWithEmptyAxes = try node.flag("noop_with_empty_axes", default: false)
    } else if let axes = try node.ints("axes"), !axes.isEmpty {
      node.supply(try Tensor(copying: axes, shape: nil), asInput: 1)
    }
    self.init(options: options)
  }

  public func attributes(opset: Int) throws -> [String: Attribute] {
    var attributes: [String: Attribute] = ["keepdims": .int(options.keepDims ? 1 : 0)]
    if opset >= Self.axesInputSince { attributes["noop_with_empty_axes"] = .int(options.noopWithEmptyAxes ? 1 : 0) }
    return attributes
  }

  public var minimumOpset: Int { Self.axesInputSince }

  public func inputsAsAttributes(opset: Int, present: [Bool], known: KnownValues) -> [Int: String]? {
    guard opset < Self.axesInputSince else { return [:] }
    guard present.count > 1, present[1] else { return options.noopWithEmptyAxes ? nil : [:] }
    guard let axes = known[1], axes.count > 0 else { return nil }
    return [1: "axes"]
  }

  public func batchAxes(of batch: BatchLayout) -> [BatchAxis?] {
    let rank = batch.shape(0).count
    guard batch.input(1) == nil || batch.integers(1) != nil,
      let axes = try? reducedAxes(batch.integers(1), rank: rank)
    else { return batch.mixed }
    return batch.reduced(axes, keepDims: options.keepDims)
  }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    let data = try tensorType(inputs, 0, of: Self.schema)
    let hasAxes = inputs.count > 1 && inputs[1] != nil
    guard let dims = data.dims, !hasAxes || known[1] != nil else {
      return [.tensor(TensorType(data.dtype, nil))]
    }
    let axes = try reducedAxes(try known.integers(1), rank: dims.count)
    return [.tensor(TensorType(data.dtype, reduced(dims, axes, one: .known(1))))]
  }

  public func forward(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let data = try tensor(inputs, 0, of: Self.schema)
    let axes = try reducedAxes(try optionalTensor(inputs, 1, of: Self.schema)?.integers(), rank: data.rank)
    let request = ReductionRequest(
      function: Self.function, dtype: data.dtype, shape: data.shape, strides: try data.strides(broadcastTo: data.shape),
      axes: axes)
    return [.tensor(try compute(request, data, dtype: data.dtype, shape: reduced(data.shape, axes, one: 1)))]
  }

  private func reducedAxes(_ given: [Int]?, rank: Int) throws -> [Int] {
    guard let given, !given.isEmpty else { return options.noopWithEmptyAxes ? [] : Array(0..<rank) }
    return try Shapes.normalize(axes: given, rank: rank, in: Self.schema.name)
  }

  private func reduced<D>(_ dims: [D], _ axes: [Int], one: D) -> [D] {
    dims.enumerated().compactMap { axes.contains($0) ? (options.keepDims ? one : nil) : $1 }
  }

  /// The input and the axes; reductions whose gradient needs less, or more, say so themselves.
  public func saved(_ inputs: [Value?], _ outputs: [Value?], needs: InputMask) -> [Value?] {
    [inputs[0], inputs.count > 1 ? inputs[1] : nil]
  }

  // Sums and means need the input's shape and the axes, never its memory.

  func savedShape(of inputs: [Value?]) -> [Value?] {
    [(inputs[0]?.tensor).map { .tensor($0.shapeTensor()) }, inputs.count > 1 ? inputs[1] : nil]
  }

  /// The input's shape, and the axes that were reduced.
  func savedShape(_ saved: [Value?]) throws -> (shape: Tensor, axes: [Int]) {
    let shape = try tensor(saved, 0, of: Self.schema)
    let axes = try optionalTensor(saved, 1, of: Self.schema)?.integers()
    return (shape, try reducedAxes(axes, rank: shape.count))
  }

  /// The axes that were reduced, where the input itself is saved.
  func reducedAxes(of input: Tensor, _ saved: [Value?]) throws -> [Int] {
    try reducedAxes(try optionalTensor(saved, 1, of: Self.schema)?.integers(), rank: input.rank)
  }

  /// The gradient of a greatest or least element, where input, axes and output are saved: equal ones share it.
  func sharedByExtremes(_ gradient: Tensor, _ saved: [Value?]) throws -> Tensor {
    let x = try tensor(saved, 0, of: Self.schema)
    let axes = try reducedAxes(of: x, saved)
    let shape = x.shapeTensor()
    let isExtreme = try x .== spread(try tensor(saved, 2, of: Self.schema), to: shape, along: axes)
    let counts = isExtreme.cast(to: gradient.dtype)
    let count = axes.isEmpty ? counts : counts.sum(axes: axes, keepDims: options.keepDims)
    return .where(isExtreme, try spread(gradient / count, to: shape, along: axes), 0)
  }

  /// A reduced tensor repeated along the axes that were reduced.
  func spread(_ reduced: Tensor, to shape: Tensor, along axes: [Int]) throws -> Tensor {
    (options.keepDims ? reduced : reduced.unsqueezed(axes: axes)).expanded(to: shape)
  }
}
