import ThawTypes

/// Each channel's convolution over a place and those before it, with what came before the input as a state (ONNX
/// CausalConvWithState-27).
///
/// The input is (batch, channels, places), the weight (channels, 1, taps), the bias (channels), the state (batch,
/// channels, taps − 1); without a state there are zeros before the input.
public struct CausalConvWithState: Composite {
  /// Whether the result passes through `Swish`.
  public var activates: Bool

  public init(activates: Bool = false) { self.activates = activates }

  public static let schema = Schema(
    "CausalConvWithState", versions: [27],
    inputs: [
      Input("input"), Input("weight", .weight), Input("bias", .weight, optional: true),
      Input("past_state", optional: true),
    ], outputs: [Output("output"), Output("present_state")], batch: .mixing)

  public init(_ node: NodeReader) throws {
    let name = try node.string("activation") ?? "none"
    guard ["none", "silu", "swish"].contains(name) else {
      throw TensorError(
        .unsupported,
        "CausalConvWithState: the attribute activation is '\(name)', and only none, silu and swish are supported")
    }
    self.init(activates: name != "none")
  }

  public func attributes(opset: Int) throws -> [String: Attribute] {
    ["activation": .text(activates ? "silu" : "none")]
  }

  public func batchAxes(of batch: BatchLayout) -> [BatchAxis?] {
    let hasStateApart = batch.input(3) == nil || batch[3] == 0
    return batch[0] == 0 && batch.isSame(1) && batch.isSame(2) && hasStateApart ? batch.all(0) : batch.mixed
  }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    let input = try tensorType(inputs, 0, of: Self.schema)
    let weight = try tensorType(inputs, 1, of: Self.schema)
    let bias = try optionalTensorType(inputs, 2, of: Self.schema)
    let state = try optionalTensorType(inputs, 3, of: Self.schema)
    for other in [weight, bias, state].compactMap({ $0 }) where other.dtype != input.dtype {
      throw TensorError(
        .dtype, "CausalConvWithState: the inputs are \(input.dtype) and \(other.dtype); they should have one type")
    }
    guard let dims = input.dims, let taps = weight.dims else {
      return [.tensor(TensorType(input.dtype, nil)), .tensor(TensorType(input.dtype, nil))]
    }
    guard dims.count == 3, taps.count == 3, taps[1].value ?? 1 == 1, taps[2].value ?? 1 > 0,
      Self.agree(dims[1], taps[0])
    else {
      throw TensorError(
        .shape,
        "CausalConvWithState: the input is \(input) and the weight \(weight); they should be (batch, channels, places) "
          + "and (channels, 1, taps)")
    }
    try checkBias(bias, channels: taps[0], in: "CausalConvWithState")
    let held = [dims[0], dims[1], taps[2].value.map { .known($0 - 1) } ?? .unknown]
    if let stateDims = state?.dims {
      guard stateDims.count == 3, zip(stateDims, held).allSatisfy({ Self.agree($0, $1) }) else {
        throw TensorError(
          .shape,
          "CausalConvWithState: past_state is \(state.map(\.description) ?? ""), and should be "
            + "\(TensorType(input.dtype, held))")
      }
    }
    return [.tensor(input), .tensor(TensorType(input.dtype, held))]
  }

  private static func agree(_ a: Dim, _ b: Dim) -> Bool { a.value == nil || b.value == nil || a == b }

  public func body(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let input = try tensor(inputs, 0, of: Self.schema)
    let weight = try tensor(inputs, 1, of: Self.schema)
    let bias = try optionalTensor(inputs, 2, of: Self.schema)
    _ = try outputTypes(inputs.map { $0?.type }, known: KnownValues())
    let (channels, held) = (weight.shape[0], weight.shape[2] - 1)
    let sizes = input.shapeTensor()
    let past =
      try optionalTensor(inputs, 3, of: Self.schema)
      ?? input.zeros(shape: .concat([sizes.slice([0..<2]), Tensor([held])]))
    let all = held > 0 ? Tensor.concat([past, input], axis: 2) : input
    let sums = all.conv(weight, bias, groups: channels)
    let length = all.shapeTensor().slice([2..<3])
    let present = try apply(Slice(), to: all, length - held, length, Tensor([2]))
    return [.tensor(activates ? try apply(Swish(), to: sums) : sums), .tensor(present)]
  }
}
