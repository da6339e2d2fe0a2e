import ThawTypes

/// Convolution whose every tap is moved by an offset of its own, by linear interpolation (ONNX DeformConv-19, 22; Dai
/// and others, 2017; Zhu and others, 2018).
///
/// X is (batch, channel, space …), W (filter, channel in its group, kernel …), the offset (batch, offset group × tap ×
/// spatial axis, place …), B (filter), the mask, which taps are multiplied by, (batch, offset group × tap, place …).
/// Taps outside of X are zero.
public struct DeformConv: Composite {
  public var window: SlidingWindow
  public var groups: Int
  /// In how many groups channels share their offsets.
  public var offsetGroups: Int

  public init(window: SlidingWindow = SlidingWindow(), groups: Int = 1, offsetGroups: Int = 1) {
    self.window = window
    self.groups = groups
    self.offsetGroups = offsetGroups
  }

  public static let schema = Schema(
    "DeformConv", versions: [19, 22],
    inputs: [
      Input("X"), Input("W", .weight), Input("offset"), Input("B", .weight, optional: true),
      Input("mask", optional: true),
    ], batch: .mixing)

  public init(_ node: NodeReader) throws {
    self.init(
      window: try SlidingWindow(node), groups: try node.int("group", default: 1),
      offsetGroups: try node.int("offset_group", default: 1))
  }

  public func attributes(opset: Int) throws -> [String: Attribute] {
    window.attributes.merging(["group": .int(groups), "offset_group": .int(offsetGroups)]) { $1 }
  }

  public var minimumOpset: Int { 19 }

  public func batchAxes(of batch: BatchLayout) -> [BatchAxis?] {
    let isApart = batch[0] == 0 && batch[2] == 0 && (batch.input(4) == nil || batch[4] == 0)
    return isApart && batch.isSame(1) && batch.isSame(3) ? batch.all(0) : batch.mixed
  }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    let x = try tensorType(inputs, 0, of: Self.schema)
    let w = try tensorType(inputs, 1, of: Self.schema)
    let offset = try tensorType(inputs, 2, of: Self.schema)
    let bias = try optionalTensorType(inputs, 3, of: Self.schema)
    let mask = try optionalTensorType(inputs, 4, of: Self.schema)
    guard let dims = x.dims, let weight = w.dims else { return [.tensor(TensorType(x.dtype, nil))] }
    let convolution = Convolution(name: "DeformConv", window: window, groups: groups)
    let space = try SlidingWindow.spatial(dims, in: "DeformConv")
    let kernel = try convolution.kernel(weight, rank: dims.count)
    try convolution.check(
      dtypes: x.dtype, w.dtype, offset.dtype, bias?.dtype, mask?.dtype, input: dims[1], output: weight[0],
      weight: weight)
    try checkBias(bias, channels: weight[0], in: "DeformConv")
    guard offsetGroups > 0, dims[1].value.map({ $0 % offsetGroups == 0 }) ?? true else {
      throw TensorError(.shape, "DeformConv: the channels of X, \(x), do not divide into \(offsetGroups) offset groups")
    }
    let output = try window.outputDims(over: space, kernel: kernel, in: "DeformConv")
    let taps = kernel.compactMap { $0 }.count == kernel.count ? DType.elementCount(of: kernel.compactMap { $0 }) : nil
    for (name, type, factor) in [("offset", offset, space.count), ("mask", mask, 1)] {
      guard let type, let given = type.dims else { continue }
      let (rows, overflow) = (taps ?? 0).multipliedReportingOverflow(by: offsetGroups)
      let (all, tooMany) = rows.multipliedReportingOverflow(by: factor)
      let expected = [dims[0], taps == nil ? .unknown : .known(all)] + output
      let fits =
        given.count == expected.count
        && zip(given, expected).allSatisfy { $0.value == nil || $1.value == nil || $0 == $1 }
      guard !overflow, !tooMany, fits else {
        throw TensorError(
          .shape, "DeformConv: \(name) is \(type), and should be \(TensorType(type.dtype, expected))")
      }
    }
    return [.tensor(TensorType(x.dtype, [dims[0], weight[0]] + output))]
  }

  public func body(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    _ = try outputTypes(inputs.map { $0?.type }, known: KnownValues())
    let dtype = try tensor(inputs, 0, of: Self.schema).dtype
    let sampling = dtype.samplingType ?? dtype
    func numbers(_ index: Int) throws -> Tensor? {
      try optionalTensor(inputs, index, of: Self.schema)?.asType(sampling)
    }
    guard let x = try numbers(0), let w = try numbers(1), let offsets = try numbers(2) else {
      throw TensorError(.operand, "DeformConv: of X, W and offset one is missing")
    }
    let (size, kernel) = (Array(x.shape[2...]), Array(w.shape[2...]))
    let geometry = try window.geometry(over: size, kernel: kernel, in: "DeformConv")
    let rank = size.count
    let taps = kernel.reduce(1, *)
    let places = geometry.output.reduce(1, *)
    let batch = x.shapeTensor().slice([0..<1])
    // Each offset group is an image of its own, sampled at (tap, place).
    let planes = x.reshaped(to: .concat([batch * offsetGroups, Tensor([x.shape[1] / offsetGroups, -1])]))
    let offset = offsets.reshaped(to: .concat([batch * offsetGroups, Tensor([taps, rank, places])]))
    let coordinates = try (0..<rank).map { axis in
      let start = try Self.starts(geometry, axis: axis).cast(to: x.dtype)
      return (offset.gather(Tensor(axis), axis: 2) + start).reshaped(to: Tensor([0, taps * places]))
    }
    let samples = try GridSample().samples(of: planes, at: coordinates, size)
    var columns = samples.reshaped(to: .concat([batch, Tensor([offsetGroups, -1, taps, places])]))
    if let mask = try numbers(4) {
      columns = columns * mask.reshaped(to: .concat([batch, Tensor([offsetGroups, 1, taps, places])]))
    }
    let rows = w.shape[1] * taps
    let products = w.reshaped(to: [groups, w.shape[0] / groups, rows])
      .matmul(columns.reshaped(to: .concat([batch, Tensor([groups, rows, places])])))
    var result = products.reshaped(to: .concat([batch, Tensor([w.shape[0]] + geometry.output)]))
    if let bias = try numbers(3) {
      result = result + bias.reshaped(to: [-1] + [Int](repeating: 1, count: rank))
    }
    return [.tensor(result.asType(dtype))]
  }

  /// Where each tap of each place stands along an axis without its offset: (tap, place).
  private static func starts(_ geometry: WindowGeometry, axis: Int) throws -> Tensor {
    let (inKernel, inOutput) = (Strides.contiguous(for: geometry.kernel), Strides.contiguous(for: geometry.output))
    let places = geometry.output.reduce(1, *)
    return try Tensor.vector(geometry.kernel.reduce(1, *) * places) { element -> Int in
      let (tap, place) = (element / places, element % places)
      return place / inOutput[axis] % geometry.output[axis] * geometry.strides[axis] - geometry.padsBegin[axis]
        + tap / inKernel[axis] % geometry.kernel[axis] * geometry.dilations[axis]
    }.reshaped(to: [-1, places])
  }
}
