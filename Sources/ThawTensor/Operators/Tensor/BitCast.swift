import ThawTypes

/// The same bits as another type of the same width, as a view of the same memory (ONNX BitCast-26).
///
/// To bool every byte but 0 is true, which is then the bit 1.
public struct BitCast: Primitive {
  public var to: DType

  public init(to: DType) { self.to = to }

  public static let schema = Schema(
    "BitCast", versions: [26], inputs: [Input("input")], outputs: [Output("output")], batch: .elementwise,
    differentiability: .never(because: "it takes the bits of numbers for other numbers"))

  public init(_ node: NodeReader) throws { self.init(to: try node.required("to", try node.dtype("to"))) }

  public func attributes(opset: Int) throws -> [String: Attribute] { ["to": .int(Int(to.rawValue))] }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    let input = try tensorType(inputs, 0, of: Self.schema)
    guard input.dtype != .string, to != .string else {
      throw TensorError(.dtype, "BitCast: from \(input.dtype) to \(to); strings have no bits of one width")
    }
    guard input.dtype.bitWidth == to.bitWidth else {
      throw TensorError(
        .dtype,
        "BitCast: the input is \(input.dtype), of \(input.dtype.bitWidth) bits, and cannot be taken for \(to), of "
          + "\(to.bitWidth)")
    }
    return [.tensor(TensorType(to, input.dims))]
  }

  public func forward(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let input = try tensor(inputs, 0, of: Self.schema)
    _ = try outputTypes([.tensor(input.type)], known: KnownValues())
    // A number narrower than a byte fills one, with its sign where it has one: only the unsigned ones are their bits.
    let bits = try input.numbers(as: input.dtype.unsignedIfNarrow)
    if to == .bool { return [.tensor(try bits.viewed(as: .uint8).numbers(as: .bool))] }
    return [.tensor(try bits.viewed(as: to.unsignedIfNarrow).numbers(as: to))]
  }
}

extension DType {
  /// The unsigned type whose numbers are the bits of this integer type, where it is narrower than a byte.
  fileprivate var unsignedIfNarrow: DType {
    switch self {
    case .int4: .uint4
    case .int2: .uint2
    default: self
    }
  }
}

extension Tensor {
  /// The same memory taken for elements of another type of the same size.
  fileprivate func viewed(as dtype: DType) throws -> Tensor {
    if self.dtype == dtype { return self }
    guard case .memory = contents else { return self }
    return Tensor(dtype: dtype, shape: shape, contents: contents)
  }

  /// The same bits as another type; see `BitCast`.
  public func bitCast(to dtype: DType) -> Tensor { .catching { try apply(BitCast(to: dtype), to: self) } }
}
