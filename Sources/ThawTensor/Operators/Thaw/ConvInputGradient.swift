import ThawKernels
import ThawTypes

/// The gradient of `Conv` with respect to its input, from dY, W and the input's spatial sizes.
public struct ConvInputGradient: Expandable {
  public var window: SlidingWindow
  public var groups: Int

  public init(window: SlidingWindow, groups: Int) {
    self.window = window
    self.groups = groups
  }

  public static let schema = Schema(
    "ConvInputGradient", domain: .thaw, versions: [1],
    inputs: [Input("dY"), Input("W", .weight), Input("size", .index, value: true)], outputs: [Output("dX")],
    batch: .mixing)

  public init(_ node: NodeReader) throws {
    self.init(window: try SlidingWindow(node), groups: try node.int("group", default: 1))
  }

  public func attributes(opset: Int) throws -> [String: Attribute] {
    window.attributes.merging(["group": .int(groups)]) { $1 }
  }

  private var convolution: Convolution { Convolution(name: "ConvInputGradient", window: window, groups: groups) }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    let gradient = try tensorType(inputs, 0, of: Self.schema)
    let w = try tensorType(inputs, 1, of: Self.schema)
    guard let dims = gradient.dims, let weight = w.dims else { return [.tensor(TensorType(gradient.dtype, nil))] }
    let space = try SlidingWindow.spatial(dims, in: "ConvInputGradient")
    let kernel = try convolution.kernel(weight, rank: dims.count)
    try convolution.check(dtypes: gradient.dtype, w.dtype, input: .unknown, output: dims[1], weight: weight)
    let channels = weight[1].value.flatMap { value -> Dim? in
      let (product, overflow) = value.multipliedReportingOverflow(by: groups)
      return overflow ? nil : .known(product)
    }
    let size = try known.integers(2)
    if let size {
      guard size.count == space.count else {
        throw TensorError(
          .shape, "ConvInputGradient: the sizes are \(size), and the gradient has \(space.count) spatial axes")
      }
      let sizes = kernel.compactMap { $0 }
      if sizes.count == kernel.count, let output = TensorType(.int64, space).shape {
        try convolution.check(
          output: output, of: try window.geometry(over: size, kernel: sizes, in: "ConvInputGradient"))
      }
    }
    return [
      .tensor(
        TensorType(
          gradient.dtype,
          [dims[0], channels ?? .unknown] + (size.map { $0.map(Dim.known) } ?? space.map { _ in .unknown })))
    ]
  }

  public func forward(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let (gradient, w, geometry) = try operands(inputs)
    let request = convolution.request(
      .inputGradient, dtype: w.dtype, batch: gradient.shape[0], weight: w.shape, geometry: geometry)
    let shape = [gradient.shape[0], w.shape[1] * groups] + geometry.input
    return [.tensor(try compute(request, gradient.contiguous(), w.contiguous(), dtype: w.dtype, shape: shape))]
  }

  private func operands(_ inputs: [Value?]) throws -> (gradient: Tensor, weight: Tensor, WindowGeometry) {
    let gradient = try tensor(inputs, 0, of: Self.schema)
    let w = try tensor(inputs, 1, of: Self.schema)
    let size = try tensor(inputs, 2, of: Self.schema)
    _ = try outputTypes(inputs.map { $0?.type }, known: KnownValues([nil, nil, size]))
    let geometry = try window.geometry(
      over: try size.integers(), kernel: Array(w.shape[2...]), in: "ConvInputGradient")
    return (gradient, w, geometry)
  }

  /// ConvTranspose, its output padded with what the last window did not reach.
  public func expansion(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let (gradient, w, geometry) = try operands(inputs)
    let rest = geometry.input.indices.map { axis in
      let padded = geometry.input[axis] + geometry.padsBegin[axis] + geometry.padsEnd[axis]
      let extent = (geometry.kernel[axis] - 1) * geometry.dilations[axis] + 1
      return padded - extent - (geometry.output[axis] - 1) * geometry.strides[axis]
    }
    let transpose = ConvTranspose(window: geometry.window, groups: groups, outputPadding: rest)
    return [.tensor(try apply(transpose, to: gradient, w))]
  }
}
