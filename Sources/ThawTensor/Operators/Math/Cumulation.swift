import ThawKernels
import ThawTypes

/// A running sum or product along an axis, which is the second input.
protocol Cumulation: Primitive {
  static var isProduct: Bool { get }
  /// Whether a result is made of what comes before its place, without the element there.
  var exclusive: Bool { get }
  /// Whether it runs from the last element to the first.
  var reverse: Bool { get }
  init(exclusive: Bool, reverse: Bool)
}

extension Schema {
  static func cumulation(_ name: String, versions: [Int]) -> Schema {
    Schema(
      name, versions: versions, inputs: [Input("x"), Input("axis", .index)], outputs: [Output("y")], batch: .mixing)
  }
}

extension Cumulation {
  public init(_ node: NodeReader) throws {
    self.init(
      exclusive: try node.flag("exclusive", default: false), reverse: try node.flag("reverse", default: false))
  }

  public func attributes(opset: Int) throws -> [String: Attribute] {
    ["exclusive": .int(exclusive ? 1 : 0), "reverse": .int(reverse ? 1 : 0)]
  }

  public func batchAxes(of batch: BatchLayout) -> [BatchAxis?] {
    batch.integers(1).map { batch.kept(apartFrom: $0) } ?? batch.mixed
  }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    let x = try tensorType(inputs, 0, of: Self.schema)
    guard x.dtype.isFloatingPoint || x.dtype.isInteger else {
      throw TensorError(.dtype, "\(Self.schema.name): x is \(x), and only numbers are summed up")
    }
    _ = try tensorType(inputs, 1, of: Self.schema)
    return [.tensor(x)]
  }

  /// The axis that a scalar, or a vector of one, says.
  func axis(_ tensor: Tensor, rank: Int) throws -> Int {
    let numbers = try tensor.integers()
    guard numbers.count == 1 else {
      throw TensorError(.shape, "\(Self.schema.name): the axis should be one number and has the shape \(tensor.shape)")
    }
    return try Shapes.normalize(axis: numbers[0], rank: rank, in: Self.schema.name)
  }

  public func forward(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let x = try tensor(inputs, 0, of: Self.schema)
    _ = try outputTypes(inputs.map { $0?.type }, known: KnownValues())
    let axis = try axis(try tensor(inputs, 1, of: Self.schema), rank: x.rank)
    let request = CumulationRequest(
      isProduct: Self.isProduct, exclusive: exclusive, reverse: reverse, dtype: x.dtype,
      outer: x.shape[..<axis].reduce(1, *), length: x.shape[axis], inner: x.shape[(axis + 1)...].reduce(1, *))
    return [.tensor(try compute(request, x.contiguous(), dtype: x.dtype, shape: x.shape))]
  }
}
