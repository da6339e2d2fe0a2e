import ThawKernels
import ThawTypes

/// The gradient of `Conv` with respect to its weight, from X and dY; the attribute kernel_shape is needed.
///
/// It is linear in both, and its own gradients are a convolution and `ConvInputGradient`.
public struct ConvWeightGradient: Expandable {
  public var window: SlidingWindow
  public var groups: Int

  public init(window: SlidingWindow, groups: Int) {
    self.window = window
    self.groups = groups
  }

  public static let schema = Schema(
    "ConvWeightGradient", domain: .thaw, versions: [1], inputs: [Input("X"), Input("dY")], outputs: [Output("dW")],
    batch: .mixing)

  public init(_ node: NodeReader) throws {
    self.init(window: try SlidingWindow(node), groups: try node.int("group", default: 1))
  }

  public func attributes(opset: Int) throws -> [String: Attribute] {
    window.attributes.merging(["group": .int(groups)]) { $1 }
  }

  private var convolution: Convolution { Convolution(name: "ConvWeightGradient", window: window, groups: groups) }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    let x = try tensorType(inputs, 0, of: Self.schema)
    let gradient = try tensorType(inputs, 1, of: Self.schema)
    guard let kernel = window.kernel else {
      throw TensorError(.operand, "ConvWeightGradient: the attribute 'kernel_shape' is missing")
    }
    guard let dims = x.dims, let output = gradient.dims else { return [.tensor(TensorType(x.dtype, nil))] }
    let space = try SlidingWindow.spatial(dims, in: "ConvWeightGradient")
    guard output.count == dims.count, kernel.count == space.count,
      dims[0].value == nil || output[0].value == nil || dims[0] == output[0]
    else {
      throw TensorError(
        .shape, "ConvWeightGradient: X is \(x), dY \(gradient) and the kernel \(kernel); ranks and batches must agree")
    }
    let inGroup = dims[1].value.flatMap { groups > 0 && $0 % groups == 0 ? Dim.known($0 / groups) : nil }
    let weight = [output[1], inGroup ?? .unknown] + kernel.map(Dim.known)
    try convolution.check(
      dtypes: x.dtype, gradient.dtype, input: inGroup == nil ? .unknown : dims[1], output: output[1], weight: weight)
    if let channels = dims[1].value, inGroup == nil {
      throw TensorError(.shape, "ConvWeightGradient: \(channels) channels do not divide into \(groups) groups")
    }
    if let input = TensorType(.int64, space).shape, let sizes = TensorType(.int64, Array(output[2...])).shape {
      try convolution.check(output: sizes, of: try window.geometry(over: input, in: "ConvWeightGradient"))
    }
    return [.tensor(TensorType(x.dtype, weight))]
  }

  public func forward(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let x = try tensor(inputs, 0, of: Self.schema)
    let gradient = try tensor(inputs, 1, of: Self.schema)
    _ = try outputTypes(inputs.map { $0?.type }, known: KnownValues())
    let geometry = try window.geometry(over: Array(x.shape[2...]), in: "ConvWeightGradient")
    let shape = [gradient.shape[1], x.shape[1] / groups] + geometry.kernel
    let request = convolution.request(
      .weightGradient, dtype: x.dtype, batch: x.shape[0], weight: shape, geometry: geometry)
    return [.tensor(try compute(request, x.contiguous(), gradient.contiguous(), dtype: x.dtype, shape: shape))]
  }

  /// By its own pullback, which stays among the convolution's kernels; the expansion's kernels are as large as images.
  public func evaluate(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    try evaluateRecording(inputs, wanted: wanted)
  }

  public func saved(_ inputs: [Value?], _ outputs: [Value?], needs: InputMask) -> [Value?] {
    [
      needs[1] ? inputs[0] : nil, needs[0] ? inputs[1] : nil,
      needs[0] ? (inputs[0]?.tensor?.spatialShape()).map(Value.tensor) : nil,
    ]
  }

  public func pullback(_ gradients: [Tensor?], saved: [Value?], needs: InputMask) throws -> [Tensor?] {
    guard let gradient = gradients[0] else { return [nil, nil] }
    var result: [Tensor?] = [nil, nil]
    if needs[0] {
      result[0] = try apply(
        ConvInputGradient(window: window, groups: groups), to: try tensor(saved, 1, of: Self.schema), gradient,
        try tensor(saved, 2, of: Self.schema))
    }
    if needs[1] {
      let conv = Conv(window: window, groups: groups)
      result[1] = try apply(conv, to: try tensor(saved, 0, of: Self.schema), gradient)
    }
    return result
  }

  /// Conv over the images with the gradients as kernels: batch and channels exchanged, strides as dilations.
  public func expansion(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let x = try tensor(inputs, 0, of: Self.schema)
    let gradient = try tensor(inputs, 1, of: Self.schema)
    _ = try outputTypes(inputs.map { $0?.type }, known: KnownValues())
    let geometry = try window.geometry(over: Array(x.shape[2...]), in: "ConvWeightGradient")
    let space = Array(2..<x.rank)
    // (batch, group, channel in it) to (channel in it, group, batch): what were channels of a group are now samples.
    let inGroup = x.shape[1] / groups
    let images = x.reshaped(to: Tensor([0, groups, inGroup] + geometry.input))
      .transposed([2, 1, 0] + space.map { $0 + 1 }).reshaped(to: [inGroup, -1] + geometry.input)
    let kernels = gradient.transposed([1, 0] + space)
    let ends = space.indices.map { axis in
      let needed =
        (geometry.kernel[axis] - 1) * geometry.dilations[axis] + (geometry.output[axis] - 1) * geometry.strides[axis]
        + 1
        - geometry.input[axis] - geometry.padsBegin[axis]
      return max(0, needed)
    }
    let conv = Conv(
      window: SlidingWindow(
        strides: geometry.dilations, pads: geometry.padsBegin + ends, dilations: geometry.strides),
      groups: groups)
    let result = try apply(conv, to: images, kernels).transposed([1, 0] + space)
    // Elements that no window of the forward pass reached can give more places than the kernel has.
    return [
      .tensor(result.slice(starts: geometry.kernel.map { _ in 0 }, ends: geometry.kernel, axes: space))
    ]
  }
}
