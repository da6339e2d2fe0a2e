import ThawTypes

/// Missing elements replaced (ONNX-ML Imputer-1).
///
/// What is missing is one value, NaN too. Integers have integers in their place. There is one replacement for each
/// feature, or one for all.
public struct Imputer: Composite {
  public let values: Bulk<[Double]>
  public var missing: Double { Double(bitPattern: missingBits) }
  /// NaN is equal to itself here, so that equal operations are.
  private let missingBits: UInt64
  /// Whether the attributes are integers.
  public var isInteger: Bool

  public init(_ values: [Double], for missing: Double, isInteger: Bool = false) {
    self.values = Bulk(values)
    missingBits = missing.bitPattern
    self.isInteger = isInteger
  }

  public static let schema = Schema("Imputer", domain: .onnxML, versions: [1], inputs: [Input("X")], batch: .rowwise)

  public init(_ node: NodeReader) throws {
    let floats = try node.floats("imputed_value_floats") ?? []
    let integers = try node.ints("imputed_value_int64s") ?? []
    let missing = (try node.float("replaced_value_float") ?? 0, try node.int("replaced_value_int64") ?? 0)
    guard floats.isEmpty != integers.isEmpty else {
      throw TensorError(
        .operand, "\(node.name): one of the attributes imputed_value_floats and imputed_value_int64s should hold values"
      )
    }
    if integers.isEmpty {
      self.init(floats.map(Double.init), for: Double(missing.0))
    } else {
      self.init(integers.map(Double.init), for: Double(missing.1), isInteger: true)
    }
  }

  public func attributes(opset: Int) throws -> [String: Attribute] {
    isInteger
      ? [
        "imputed_value_int64s": .ints(values.contents.map { Int($0) }), "replaced_value_int64": .int(Int(missing)),
      ]
      : [
        "imputed_value_floats": .floats(values.contents.map { Float($0) }),
        "replaced_value_float": .float(Float(missing)),
      ]
  }

  public func batchAxes(of batch: BatchLayout) -> [BatchAxis?] { batch.rowsOfFeatures() }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    let x = try tensorType(inputs, 0, of: Self.schema)
    guard isInteger ? x.dtype.isInteger : x.dtype.isFloatingPoint else {
      throw TensorError(
        .dtype, "Imputer: X is \(x), and the replacements are \(isInteger ? "integers" : "floating numbers")")
    }
    if values.contents.count != 1 {
      try FeatureRows(x, in: "Imputer").check(features: values.contents.count, in: "Imputer")
    }
    return [.tensor(x)]
  }

  public func body(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let x = try tensor(inputs, 0, of: Self.schema)
    _ = try outputTypes([.tensor(x.type)], known: KnownValues())
    let isMissing = missing.isNaN ? x.isNaN() : x .== missing
    let replacements = try Tensor(copying: values.contents, shape: nil).numbers(as: x.dtype)
    return [.tensor(.where(isMissing, replacements, x))]
  }
}
