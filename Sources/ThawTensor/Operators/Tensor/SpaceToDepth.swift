import ThawTypes

/// Blocks of places laid out as channels (ONNX SpaceToDepth-1, 13, 28).
public struct SpaceToDepth: Composite {
  public var blockSize: Int
  public var order: DepthToSpace.Order

  public init(blockSize: Int, order: DepthToSpace.Order = .depthColumnRow) {
    self.blockSize = blockSize
    self.order = order
  }

  public static let schema = Schema(
    "SpaceToDepth", versions: [1, 13, 28], inputs: [Input("input")], outputs: [Output("output")], batch: .rowwise,
    autogradName: "PixelUnshuffle")

  public init(_ node: NodeReader) throws {
    self.init(
      blockSize: try node.required("blocksize", try node.int("blocksize")),
      order: try DepthToSpace.Order(node, since: 28))
  }

  public func attributes(opset: Int) throws -> [String: Attribute] {
    order == .depthColumnRow
      ? ["blocksize": .int(blockSize)] : ["blocksize": .int(blockSize), "mode": .text(order.rawValue)]
  }

  public var minimumOpset: Int { order == .depthColumnRow ? 13 : 28 }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    let input = try tensorType(inputs, 0, of: Self.schema)
    guard let dims = input.dims else { return [.tensor(input)] }
    let isFitting =
      dims.count == 4 && blockSize > 0
      && dims[2...].allSatisfy { $0.value.map { $0 % blockSize == 0 } ?? true }
    let (area, overflow) = blockSize.multipliedReportingOverflow(by: blockSize)
    guard isFitting, !overflow, DType.elementCount(of: [dims[1].value ?? 1, area]) != nil else {
      throw TensorError(
        .shape,
        "SpaceToDepth: the input is \(input), and should have 4 axes, the last two multiples of \(blockSize)")
    }
    let channels = dims[1].value.flatMap { DType.elementCount(of: [$0, area]) }.map(Dim.known) ?? .unknown
    let spatial = dims[2...].map { $0.value.map { Dim.known($0 / blockSize) } ?? .unknown }
    return [.tensor(TensorType(input.dtype, [dims[0], channels] + spatial))]
  }

  public func body(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let x = try tensor(inputs, 0, of: Self.schema)
    _ = try outputTypes([.tensor(x.type)], known: KnownValues())
    let (channels, height, width) = (x.shape[1], x.shape[2] / blockSize, x.shape[3] / blockSize)
    let split = x.reshaped(to: Tensor([0, channels, height, blockSize, width, blockSize]))
    return [
      .tensor(
        split.transposed(order == .depthColumnRow ? [0, 3, 5, 1, 2, 4] : [0, 1, 3, 5, 2, 4])
          .reshaped(to: Tensor([0, channels * blockSize * blockSize, height, width])))
    ]
  }
}
