import ThawTypes

/// Ones drawn with the probabilities that the input gives, else zeros (ONNX Bernoulli-15, 22).
public struct Bernoulli: RandomNumbers {
  /// nil for the input's.
  public var dtype: DType?
  public var seed: Float?

  public init(dtype: DType? = nil, seed: Float? = nil) {
    self.dtype = dtype
    self.seed = seed
  }

  public static let schema = Schema(
    "Bernoulli", versions: [15, 22], inputs: [Input("input", .index)],
    outputs: [Output("output", differentiable: false)], batch: .drawing,
    differentiability: .never(because: "a draw changes in jumps"))

  public init(_ node: NodeReader) throws { self.init(dtype: try node.dtype("dtype"), seed: try node.float("seed")) }

  public func attributes(opset: Int) throws -> [String: Attribute] {
    guard let dtype else { return seedAttribute }
    return seedAttribute.merging(["dtype": .int(Int(dtype.rawValue))]) { $1 }
  }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    let input = try tensorType(inputs, 0, of: Self.schema)
    guard input.dtype.isFloatingPoint else {
      throw TensorError(.dtype, "Bernoulli: the probabilities are \(input), and should be floating")
    }
    return [.tensor(TensorType(dtype ?? input.dtype, input.dims))]
  }

  public func forward(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let input = try tensor(inputs, 0, of: Self.schema)
    _ = try outputTypes([.tensor(input.type)], known: KnownValues())
    let numbers = try source.uniform(input.shape, dtype: .float64)
    return [.tensor(try withErrors { (numbers .< input.cast(to: .float64)).cast(to: dtype ?? input.dtype) })]
  }
}
