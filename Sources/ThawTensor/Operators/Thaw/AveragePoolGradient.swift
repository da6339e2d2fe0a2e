import ThawKernels
import ThawTypes

/// The gradient of `AveragePool`, from dY and the input's spatial sizes.
public struct AveragePoolGradient: Expandable {
  public var window: SlidingWindow
  public var ceilMode: Bool
  public var countsPads: Bool

  public init(window: SlidingWindow, ceilMode: Bool = false, countsPads: Bool = false) {
    self.window = window
    self.ceilMode = ceilMode
    self.countsPads = countsPads
  }

  public static let schema = Schema(
    "AveragePoolGradient", domain: .thaw, versions: [1], inputs: [Input("dY"), Input("size", .index, value: true)],
    outputs: [Output("dX")], batch: .mixing)

  public init(_ node: NodeReader) throws {
    self.init(
      window: try SlidingWindow(node), ceilMode: try node.flag("ceil_mode", default: false),
      countsPads: try node.flag("count_include_pad", default: false))
  }

  public func attributes(opset: Int) throws -> [String: Attribute] {
    pooling.attributes(countsPads ? ["count_include_pad": .int(1)] : [:])
  }

  private var pooling: Pooling { Pooling(name: "AveragePoolGradient", window: window, ceilMode: ceilMode) }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    let gradient = try tensorType(inputs, 0, of: Self.schema)
    return [.tensor(try pooling.gradientType(gradient, size: try known.integers(1), countsPads: countsPads))]
  }

  private func operands(_ inputs: [Value?]) throws -> (gradient: Tensor, WindowGeometry) {
    let gradient = try tensor(inputs, 0, of: Self.schema)
    let size = try tensor(inputs, 1, of: Self.schema)
    _ = try outputTypes(inputs.map { $0?.type }, known: KnownValues([nil, size]))
    return (gradient, try pooling.geometry(over: gradient.shape[..<2] + (try size.integers()), countsPads: countsPads))
  }

  public func forward(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let (gradient, geometry) = try operands(inputs)
    let request = pooling.request(
      .average(countsPadding: countsPads), .backward, dtype: gradient.dtype, planes: gradient.shape, geometry: geometry)
    let shape = Array(gradient.shape[..<2] + geometry.input)
    return [.tensor(try compute(request, gradient.contiguous(), dtype: gradient.dtype, shape: shape))]
  }

  /// Each gradient divided by the size of its window and spread over it: a transposed convolution with ones, channel by
  /// channel.
  public func expansion(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let (gradient, geometry) = try operands(inputs)
    var shares = gradient
    for axis in geometry.input.indices {
      let counts = geometry.elementCounts(axis: axis, countsPads: countsPads).map(Double.init)
      var shape = gradient.shape.map { _ in 1 }
      shape[2 + axis] = counts.count
      shares = shares / Tensor(elements: counts, shape: shape).cast(to: gradient.dtype)
    }
    // What the windows reach behind the input is cut off; what they do not reach of it is filled up.
    let reach = geometry.input.indices.map { axis in
      (geometry.output[axis] - 1) * geometry.strides[axis] + (geometry.kernel[axis] - 1) * geometry.dilations[axis] + 1
        - geometry.padsBegin[axis] - geometry.input[axis]
    }
    let transpose = ConvTranspose(
      window: SlidingWindow(
        strides: geometry.strides, pads: geometry.padsBegin + reach.map { max(0, $0) },
        dilations: geometry.dilations),
      groups: gradient.shape[1], outputPadding: reach.map { max(0, -$0) })
    let ones = try Tensor.full([gradient.shape[1], 1] + geometry.kernel, 1, dtype: gradient.dtype)
    return [.tensor(try apply(transpose, to: shares, ones))]
  }
}
