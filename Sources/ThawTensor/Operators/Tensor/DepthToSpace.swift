import ThawTypes

/// Channels laid out as blocks of places (ONNX DepthToSpace-1, 11, 13, 28).
public struct DepthToSpace: Composite {
  /// The order of the channels; the raw values are ONNX's.
  public enum Order: String, Hashable, Sendable, CaseIterable {
    /// Those of one place of the block together.
    case depthColumnRow = "DCR"
    /// Those of one resulting channel together, as in PyTorch's `pixel_shuffle`.
    case columnRowDepth = "CRD"

    /// Reads the attribute `mode`, which older versions do not have.
    init(_ node: NodeReader, since version: Int) throws {
      let text = node.version < version ? "DCR" : try node.string("mode") ?? "DCR"
      guard let order = Self(rawValue: text) else {
        throw TensorError(.unsupported, "\(node.name): the attribute mode is '\(text)'; it may be 'DCR' or 'CRD'")
      }
      self = order
    }
  }

  public var blockSize: Int
  public var order: Order

  public init(blockSize: Int, order: Order = .depthColumnRow) {
    self.blockSize = blockSize
    self.order = order
  }

  public static let schema = Schema(
    "DepthToSpace", versions: [1, 11, 13, 28], inputs: [Input("input")], outputs: [Output("output")],
    batch: .rowwise, autogradName: "PixelShuffle")

  public init(_ node: NodeReader) throws {
    self.init(
      blockSize: try node.required("blocksize", try node.int("blocksize")), order: try Order(node, since: 11))
  }

  public func attributes(opset: Int) throws -> [String: Attribute] {
    opset < 11
      ? ["blocksize": .int(blockSize)] : ["blocksize": .int(blockSize), "mode": .text(order.rawValue)]
  }

  public var minimumOpset: Int { 11 }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    let input = try tensorType(inputs, 0, of: Self.schema)
    guard let dims = input.dims else { return [.tensor(input)] }
    let (area, overflow) = blockSize.multipliedReportingOverflow(by: blockSize)
    guard dims.count == 4, blockSize > 0, !overflow, dims[1].value.map({ $0 % area == 0 }) ?? true else {
      throw TensorError(
        .shape,
        "DepthToSpace: the input is \(input), and should have 4 axes, the second a multiple of \(blockSize) squared")
    }
    func grown(_ dim: Dim) throws -> Dim {
      guard let size = dim.value else { return .unknown }
      let (product, overflow) = size.multipliedReportingOverflow(by: blockSize)
      if overflow { throw TensorError(.shape, "DepthToSpace: \(size) places cannot become \(blockSize) times as many") }
      return .known(product)
    }
    let channels = dims[1].value.map { Dim.known($0 / area) } ?? .unknown
    return [.tensor(TensorType(input.dtype, [dims[0], channels, try grown(dims[2]), try grown(dims[3])]))]
  }

  public func body(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let x = try tensor(inputs, 0, of: Self.schema)
    _ = try outputTypes([.tensor(x.type)], known: KnownValues())
    let block = blockSize
    let (channels, height, width) = (x.shape[1] / (block * block), x.shape[2], x.shape[3])
    let split =
      order == .depthColumnRow
      ? x.reshaped(to: Tensor([0, block, block, channels, height, width])).transposed([0, 3, 4, 1, 5, 2])
      : x.reshaped(to: Tensor([0, channels, block, block, height, width])).transposed([0, 1, 4, 2, 5, 3])
    return [.tensor(split.reshaped(to: Tensor([0, channels, height * block, width * block])))]
  }
}
