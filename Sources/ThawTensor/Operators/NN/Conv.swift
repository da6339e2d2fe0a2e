import ThawKernels
import ThawTypes

/// Convolution over 1 to 3 spatial axes (ONNX Conv-1, 11, 22).
///
/// X is (batch, channel, space …), W (filter, channel in its group, kernel …), B (filter). As in ONNX and PyTorch the
/// kernel is not flipped.
public struct Conv: Primitive {
  public var window: SlidingWindow
  public var groups: Int

  public init(window: SlidingWindow = SlidingWindow(), groups: Int = 1) {
    self.window = window
    self.groups = groups
  }

  public static let schema = Schema(
    "Conv", versions: [1, 11, 22], inputs: [Input("X"), Input("W", .weight), Input("B", .weight, optional: true)],
    batch: .rowwise, autogradName: "Convolution")

  public init(_ node: NodeReader) throws {
    self.init(window: try SlidingWindow(node), groups: try node.int("group", default: 1))
  }

  public func attributes(opset: Int) throws -> [String: Attribute] {
    window.attributes.merging(groups == 1 ? [:] : ["group": .int(groups)]) { $1 }
  }

  private var convolution: Convolution { Convolution(name: "Conv", window: window, groups: groups) }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    let x = try tensorType(inputs, 0, of: Self.schema)
    let w = try tensorType(inputs, 1, of: Self.schema)
    let bias = try optionalTensorType(inputs, 2, of: Self.schema)
    guard let dims = x.dims, let weight = w.dims else { return [.tensor(TensorType(x.dtype, nil))] }
    let space = try SlidingWindow.spatial(dims, in: "Conv")
    let kernel = try convolution.kernel(weight, rank: dims.count)
    try convolution.check(dtypes: x.dtype, w.dtype, bias?.dtype, input: dims[1], output: weight[0], weight: weight)
    try checkBias(bias, channels: weight[0], in: "Conv")
    return [
      .tensor(
        TensorType(x.dtype, [dims[0], weight[0]] + (try window.outputDims(over: space, kernel: kernel, in: "Conv"))))
    ]
  }

  public func forward(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let x = try tensor(inputs, 0, of: Self.schema)
    let w = try tensor(inputs, 1, of: Self.schema)
    let bias = try optionalTensor(inputs, 2, of: Self.schema)
    _ = try outputTypes(inputs.map { $0?.type }, known: KnownValues())
    let geometry = try window.geometry(over: Array(x.shape[2...]), kernel: Array(w.shape[2...]), in: "Conv")
    let request = convolution.request(
      .forward, dtype: x.dtype, batch: x.shape[0], weight: w.shape, geometry: geometry, hasBias: bias != nil)
    let shape = [x.shape[0], w.shape[0]] + geometry.output
    return [
      .tensor(
        try compute(request, x.contiguous(), w.contiguous(), bias?.contiguous(), dtype: x.dtype, shape: shape))
    ]
  }

  public func saved(_ inputs: [Value?], _ outputs: [Value?], needs: InputMask) -> [Value?] {
    [
      needs[1] ? inputs[0] : nil, needs[0] ? inputs[1] : nil,
      needs[0] ? (inputs[0]?.tensor?.spatialShape()).map(Value.tensor) : nil,
      needs[1] ? (inputs[1]?.tensor?.spatialShape()).map(Value.tensor) : nil,
    ]
  }

  public func pullback(_ gradients: [Tensor?], saved: [Value?], needs: InputMask) throws -> [Tensor?] {
    guard let gradient = gradients[0] else { return [nil, nil, nil] }
    var result: [Tensor?] = [nil, nil, nil]
    if needs[0] {
      result[0] = try apply(
        ConvInputGradient(window: window, groups: groups), to: gradient, try tensor(saved, 1, of: Self.schema),
        try tensor(saved, 2, of: Self.schema))
    }
    if needs[1] {
      var window = window
      window.kernel = try tensor(saved, 3, of: Self.schema).integers()
      result[1] = try apply(
        ConvWeightGradient(window: window, groups: groups), to: try tensor(saved, 0, of: Self.schema), gradient)
    }
    if needs[2] { result[2] = gradient.sum(axes: [0] + Array(2..<gradient.rank)) }
    return result
  }
}

extension Tensor {
  /// Convolution with `weight` over the axes behind batch and channels; see `Conv`.
  ///
  /// - Parameter pads: those before each axis, then those behind each.
  public func conv(
    _ weight: Tensor, _ bias: Tensor? = nil, strides: [Int]? = nil, pads: [Int]? = nil, dilations: [Int]? = nil,
    autoPad: AutoPad = .notSet, groups: Int = 1
  ) -> Tensor {
    let window = SlidingWindow(strides: strides, pads: pads, dilations: dilations, autoPad: autoPad)
    return .catching { try apply(Conv(window: window, groups: groups), to: self, weight, bias) }
  }
}
