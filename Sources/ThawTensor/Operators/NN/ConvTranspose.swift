import ThawKernels
import ThawTypes

/// The transpose of a convolution, also called deconvolution (ONNX ConvTranspose-1, 11, 22).
///
/// X is (batch, channel, space …), W (channel, filter in its group, kernel …): it maps what `Conv` with this W would
/// give back to what it would be given. Version 1's text contradicts itself on where an odd pad goes; it is read as 11's.
/// Where the output asked for is larger than the windows reach, the rest lies behind them and holds the bias.
public struct ConvTranspose: Primitive {
  public var window: SlidingWindow
  public var groups: Int
  /// How far the output reaches behind the last window's pad; nil for nowhere.
  public var outputPadding: [Int]?
  /// The output's spatial sizes, from which the pads follow; nil when the pads say them.
  public var outputShape: [Int]?

  public init(
    window: SlidingWindow = SlidingWindow(), groups: Int = 1, outputPadding: [Int]? = nil, outputShape: [Int]? = nil
  ) {
    self.window = window
    self.groups = groups
    self.outputPadding = outputPadding
    self.outputShape = outputShape
  }

  public static let schema = Schema(
    "ConvTranspose", versions: [1, 11, 22],
    inputs: [Input("X"), Input("W", .weight), Input("B", .weight, optional: true)], batch: .rowwise,
    autogradName: "Convolution")

  public init(_ node: NodeReader) throws {
    self.init(
      window: try SlidingWindow(node), groups: try node.int("group", default: 1),
      outputPadding: try node.ints("output_padding"), outputShape: try node.ints("output_shape"))
  }

  public func attributes(opset: Int) throws -> [String: Attribute] {
    var attributes = window.attributes
    if groups != 1 { attributes["group"] = .int(groups) }
    attributes["output_padding"] = outputPadding.map(Attribute.ints)
    attributes["output_shape"] = outputShape.map(Attribute.ints)
    return attributes
  }

  private var convolution: Convolution { Convolution(name: "ConvTranspose", window: window, groups: groups) }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    let x = try tensorType(inputs, 0, of: Self.schema)
    let w = try tensorType(inputs, 1, of: Self.schema)
    let bias = try optionalTensorType(inputs, 2, of: Self.schema)
    guard let dims = x.dims, let weight = w.dims else { return [.tensor(TensorType(x.dtype, nil))] }
    let space = try SlidingWindow.spatial(dims, in: "ConvTranspose")
    let kernel = try convolution.kernel(weight, rank: dims.count)
    try convolution.check(dtypes: x.dtype, w.dtype, bias?.dtype, input: .unknown, output: dims[1], weight: weight)
    let filters = try weight[1].value.map { inGroup in
      guard inGroup <= WindowAxis.limit else {
        throw TensorError(.range, "ConvTranspose: \(inGroup) filters in each of \(groups) groups are too many")
      }
      return Dim.known(inGroup * groups)
    }
    let channels = filters ?? (groups == 1 ? weight[1] : .unknown)
    try checkBias(bias, channels: channels, in: "ConvTranspose")
    let output = try zip(space, try transposedAxes(kernel: kernel)).map { dim, axis in
      if let target = axis.target { return Dim.known(target) }
      if let size = dim.value, axis.window.extent != nil { return .known(try axis.placed(over: size).input) }
      return axis.keepsSize ? dim : .unknown
    }
    return [.tensor(TensorType(x.dtype, [dims[0], channels] + output))]
  }

  public func forward(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let x = try tensor(inputs, 0, of: Self.schema)
    let w = try tensor(inputs, 1, of: Self.schema)
    _ = try outputTypes(inputs.map { $0?.type }, known: KnownValues())
    let geometry = try geometry(over: Array(x.shape[2...]), kernel: Array(w.shape[2...]))
    let request = convolution.request(
      .inputGradient, dtype: x.dtype, batch: x.shape[0], weight: w.shape, geometry: geometry)
    let y = try compute(
      request, x.contiguous(), w.contiguous(), dtype: x.dtype,
      shape: [x.shape[0], w.shape[1] * groups] + geometry.input)
    guard let bias = try optionalTensor(inputs, 2, of: Self.schema) else { return [.tensor(y)] }
    let column = try apply(Reshape(), to: bias, Tensor([-1] + geometry.input.map { _ in 1 }))
    return [.tensor(try apply(Add(), to: y, column))]
  }

  /// The places of the convolution that this one transposes: from the output's sizes to `input`.
  private func geometry(over input: [Int], kernel: [Int]) throws -> WindowGeometry {
    let axes = try transposedAxes(kernel: kernel)
    let placed = try zip(input, axes).map { try $1.placed(over: $0) }
    return WindowGeometry(
      input: placed.map(\.input), output: input, kernel: kernel, strides: axes.map(\.window.stride),
      dilations: axes.map(\.window.dilation), padsBegin: placed.map(\.begin), padsEnd: placed.map(\.end))
  }

  private func transposedAxes(kernel: [Int?]) throws -> [TransposedAxis] {
    for (values, attribute) in [(outputPadding, "output_padding"), (outputShape, "output_shape")] {
      guard let values else { continue }
      guard values.count == kernel.count, values.allSatisfy({ $0 >= 0 && $0 <= WindowAxis.limit }) else {
        throw TensorError(
          .operand,
          "ConvTranspose: the attribute \(attribute) is \(values), and should be \(kernel.count) numbers, none "
            + "negative")
      }
    }
    return try window.axes(kernel: kernel, in: "ConvTranspose").enumerated().map { index, axis in
      TransposedAxis(window: axis, outputPadding: outputPadding?[index] ?? 0, target: outputShape?[index])
    }
  }

  public func saved(_ inputs: [Value?], _ outputs: [Value?], needs: InputMask) -> [Value?] {
    let needsShapes = needs[0] || needs[1]
    return [
      needs[1] ? inputs[0] : nil, needs[0] ? inputs[1] : nil,
      needsShapes ? (inputs[0]?.tensor?.spatialShape()).map(Value.tensor) : nil,
      needsShapes ? (inputs[1]?.tensor?.spatialShape()).map(Value.tensor) : nil,
    ]
  }

  public func pullback(_ gradients: [Tensor?], saved: [Value?], needs: InputMask) throws -> [Tensor?] {
    guard let gradient = gradients[0] else { return [nil, nil, nil] }
    var result: [Tensor?] = [nil, nil, nil]
    if needs[0] || needs[1] {
      let geometry = try geometry(
        over: try tensor(saved, 2, of: Self.schema).integers(), kernel: try tensor(saved, 3, of: Self.schema).integers()
      )
      if needs[0] {
        let conv = Conv(window: geometry.window, groups: groups)
        result[0] = try apply(conv, to: gradient, try tensor(saved, 1, of: Self.schema))
      }
      if needs[1] {
        let weightGradient = ConvWeightGradient(window: geometry.window, groups: groups)
        result[1] = try apply(weightGradient, to: gradient, try tensor(saved, 0, of: Self.schema))
      }
    }
    if needs[2] { result[2] = gradient.sum(axes: [0] + Array(2..<gradient.rank)) }
    return result
  }
}

extension Tensor {
  /// The transpose of a convolution with `weight`; see `ConvTranspose`.
  public func convTranspose(
    _ weight: Tensor, _ bias: Tensor? = nil, strides: [Int]? = nil, pads: [Int]? = nil, dilations: [Int]? = nil,
    autoPad: AutoPad = .notSet, groups: Int = 1, outputPadding: [Int]? = nil
  ) -> Tensor {
    let window = SlidingWindow(strides: strides, pads: pads, dilations: dilations, autoPad: autoPad)
    let operation = ConvTranspose(window: window, groups: groups, outputPadding: outputPadding)
    return .catching { try apply(operation, to: self, weight, bias) }
  }
}
