import ThawKernels
import ThawTypes

/// The place of an extreme along an axis.
protocol ArgReduction: Primitive {
  static var function: ReductionFunction { get }
  var axis: Int { get }
  var keepDims: Bool { get }
  /// Which of equal extremes is told: the last, or the first.
  var selectsLast: Bool { get }
  init(axis: Int, keepDims: Bool, selectsLast: Bool)
}

extension Schema {
  static func argReduction(_ name: String) -> Schema {
    Schema(
      name, versions: [1, 11, 12, 13], inputs: [Input("data", .index)],
      outputs: [Output("reduced", differentiable: false)], batch: .mixing,
      differentiability: .never(because: "a place is a whole number"))
  }
}

extension ArgReduction {
  public init(_ node: NodeReader) throws {
    self.init(
      axis: try node.int("axis", default: 0), keepDims: try node.flag("keepdims", default: true),
      selectsLast: node.version >= 12 ? try node.flag("select_last_index", default: false) : false)
  }

  public func attributes(opset: Int) throws -> [String: Attribute] {
    var attributes: [String: Attribute] = ["axis": .int(axis), "keepdims": .int(keepDims ? 1 : 0)]
    if selectsLast { attributes["select_last_index"] = .int(1) }
    return attributes
  }

  public var minimumOpset: Int { selectsLast ? 12 : 1 }

  public func batchAxes(of batch: BatchLayout) -> [BatchAxis?] { batch.reduced([axis], keepDims: keepDims) }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    guard var dims = try tensorType(inputs, 0, of: Self.schema).dims else { return [.tensor(TensorType(.int64, nil))] }
    let axis = try Shapes.normalize(axis: axis, rank: dims.count, in: Self.schema.name)
    if keepDims { dims[axis] = .known(1) } else { dims.remove(at: axis) }
    return [.tensor(TensorType(.int64, dims))]
  }

  public func forward(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let data = try tensor(inputs, 0, of: Self.schema)
    let type = try outputTypes([.tensor(data.type)], known: KnownValues())[0].tensor
    guard let shape = type?.shape else { throw TensorError(.internal, "\(Self.schema.name): no shape from a shape") }
    let axis = try Shapes.normalize(axis: axis, rank: data.rank, in: Self.schema.name)
    guard data.shape[axis] > 0 else {
      throw TensorError(
        .shape,
        "\(Self.schema.name): axis \(axis) is empty in a tensor of shape \(data.shape); there is no element to "
          + "point to")
    }
    let request = ReductionRequest(
      function: Self.function, dtype: data.dtype, shape: data.shape, strides: try data.strides(broadcastTo: data.shape),
      axes: [axis], selectLast: selectsLast)
    return [.tensor(try compute(request, data, dtype: .int64, shape: shape))]
  }
}
