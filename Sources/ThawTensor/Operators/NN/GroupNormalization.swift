import ThawTypes

/// Groups of channels of each sample shifted and scaled to mean 0 and deviation 1, then scaled and shifted by weights
/// (ONNX GroupNormalization-18, 21).
///
/// Scale and bias have one number for each channel; in version 18 one for each group (`scalesGroups`). Statistics are
/// computed in float32 at least.
public struct GroupNormalization: Composite {
  public var groups: Int
  public var epsilon: Float
  public var scalesGroups: Bool

  public init(groups: Int, epsilon: Float = 1e-5, scalesGroups: Bool = false) {
    self.groups = groups
    self.epsilon = epsilon
    self.scalesGroups = scalesGroups
  }

  public static let schema = Schema(
    "GroupNormalization", versions: [18, 21],
    inputs: [Input("X"), Input("scale", .weight), Input("bias", .weight)], batch: .rowwise)

  public init(_ node: NodeReader) throws {
    self.init(
      groups: try node.required("num_groups", try node.int("num_groups")),
      epsilon: try node.float("epsilon", default: 1e-5), scalesGroups: node.version < 21)
    if node.version >= 21, let type = try node.int("stash_type"), type != 1 {
      throw TensorError(
        .unsupported, "GroupNormalization: the attribute stash_type is \(type), and only 1 (float32) is supported")
    }
  }

  public func attributes(opset: Int) throws -> [String: Attribute] {
    guard scalesGroups == (opset < 21) else {
      throw TensorError(
        .unsupported,
        "GroupNormalization: opset \(opset) has scales for \(opset < 21 ? "groups" : "channels"), and not for "
          + "\(scalesGroups ? "groups" : "channels")")
    }
    return ["num_groups": .int(groups), "epsilon": .float(epsilon)]
  }

  public var minimumOpset: Int { scalesGroups ? 18 : 21 }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    let x = try tensorType(inputs, 0, of: Self.schema)
    guard x.dtype.isFloatingPoint else {
      throw TensorError(
        .dtype, "GroupNormalization: the input is \(x), and only floating-point numbers are normalized")
    }
    guard let dims = x.dims else { return [.tensor(x)] }
    guard dims.count >= 2 else {
      throw TensorError(.shape, "GroupNormalization: the input is \(x), and should have batch and channels")
    }
    if let channels = dims[1].value, groups < 1 || channels % groups != 0 {
      throw TensorError(
        .shape, "GroupNormalization: \(channels) channels do not divide into \(groups) groups")
    }
    for index in 1..<3 {
      let weight = try tensorType(inputs, index, of: Self.schema)
      try checkBias(weight, channels: scalesGroups ? .known(groups) : dims[1], in: "GroupNormalization")
    }
    return [.tensor(x)]
  }

  public func body(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let x = try tensor(inputs, 0, of: Self.schema)
    _ = try outputTypes(inputs.map { $0?.type }, known: KnownValues())
    let weights = try (1..<3).map { try tensor(inputs, $0, of: Self.schema) }
    let rows = x.reshaped(to: Tensor([0, groups, -1]))
    let normalized = rows.layerNormalization(scale: try Tensor.full([1], 1, dtype: x.dtype), epsilon: epsilon)
    func inShape(_ y: Tensor) throws -> Tensor { try apply(Reshape(allowsZero: true), to: y, x.shapeTensor()) }
    if scalesGroups {
      let columns = weights.map { $0.unsqueezed(axes: [1]) }
      return [.tensor(try inShape(normalized * columns[0] + columns[1]))]
    }
    let columns = weights.map { channelColumn($0, rank: x.rank) }
    return [.tensor(try inShape(normalized) * columns[0] + columns[1])]
  }
}

extension GroupNormalization: Superseded {
  package var isSuperseded: Bool { scalesGroups }
  package func successor(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] { try body(inputs, wanted: wanted) }
}

extension Tensor {
  /// Groups of channels normalized by themselves, then scaled and shifted; see `GroupNormalization`.
  public func groupNormalization(groups: Int, scale: Tensor, bias: Tensor, epsilon: Float = 1e-5) -> Tensor {
    .catching { try apply(GroupNormalization(groups: groups, epsilon: epsilon), to: self, scale, bias) }
  }
}
