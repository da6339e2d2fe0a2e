import ThawTypes

/// Numbers drawn at random. With a seed they are a function of seed and shape alone; without one they come from the
/// process's generator.
protocol RandomNumbers: Primitive {
  /// As ONNX writes it; nil for none.
  var seed: Float? { get }
}

extension RandomNumbers {
  var seedAttribute: [String: Attribute] { seed.map { ["seed": .float($0)] } ?? [:] }

  public var draws: Bool { seed == nil }

  var source: RandomGenerator { seed.map { RandomGenerator(ofOperation: UInt64($0.bitPattern)) } ?? .default }
}

/// Numbers drawn at random in a shape that is an attribute.
protocol RandomShaped: RandomNumbers {
  static func distribution(_ node: NodeReader) throws -> Distribution
  var distribution: Distribution { get }
  var shape: [Int] { get }
  var dtype: DType { get }
  init(_ distribution: Distribution, shape: [Int], dtype: DType, seed: Float?)
}

extension RandomShaped {
  public init(_ node: NodeReader) throws {
    self.init(
      try Self.distribution(node), shape: try node.required("shape", try node.ints("shape")),
      dtype: try node.dtype("dtype") ?? .float32, seed: try node.float("seed"))
  }

  public func attributes(opset: Int) throws -> [String: Attribute] {
    distribution.attributes.merging(["shape": .ints(shape), "dtype": .int(Int(dtype.rawValue))]) { $1 }
      .merging(seedAttribute) { $1 }
  }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    guard DType.elementCount(of: shape) != nil else {
      throw TensorError(.shape, "\(Self.schema.name): there is no tensor of shape \(shape)")
    }
    return [.tensor(TensorType(dtype, shape: shape))]
  }

  public func forward(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    _ = try outputTypes([], known: KnownValues())
    return [.tensor(try distribution.numbers(shape, dtype: dtype, from: source, in: Self.schema.name))]
  }
}

/// Numbers drawn at random in the shape of the input.
protocol RandomLike: RandomNumbers {
  static func distribution(_ node: NodeReader) throws -> Distribution
  var distribution: Distribution { get }
  /// nil for the input's.
  var dtype: DType? { get }
  init(_ distribution: Distribution, dtype: DType?, seed: Float?)
}

extension RandomLike {
  public init(_ node: NodeReader) throws {
    self.init(try Self.distribution(node), dtype: try node.dtype("dtype"), seed: try node.float("seed"))
  }

  public func attributes(opset: Int) throws -> [String: Attribute] {
    var attributes = distribution.attributes.merging(seedAttribute) { $1 }
    if let dtype { attributes["dtype"] = .int(Int(dtype.rawValue)) }
    return attributes
  }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    let input = try tensorType(inputs, 0, of: Self.schema)
    return [.tensor(TensorType(dtype ?? input.dtype, input.dims))]
  }

  public func forward(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let input = try tensor(inputs, 0, of: Self.schema)
    let dtype = dtype ?? input.dtype
    return [.tensor(try distribution.numbers(input.shape, dtype: dtype, from: source, in: Self.schema.name))]
  }
}

extension Schema {
  static func random(_ name: String, inputs: [Input] = []) -> Schema {
    Schema(
      name, versions: [1, 22], inputs: inputs, outputs: [Output("output", differentiable: false)], batch: .drawing,
      differentiability: .never(because: "the numbers are drawn, whatever the input is"))
  }
}
