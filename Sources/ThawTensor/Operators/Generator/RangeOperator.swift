import ThawTypes

/// Numbers from a start to before a limit, a step apart (ONNX Range-11, 27).
///
/// float16 and bfloat16 are counted in float32, as `stash_type` 1 says. Not named `Range`, which is Swift's.
public struct RangeOperator: Primitive {
  public init() {}

  public static let schema = Schema(
    "Range", versions: [11, 27],
    inputs: [
      Input("start", .index, value: true), Input("limit", .index, value: true), Input("delta", .index, value: true),
    ], outputs: [Output("output", differentiable: false)], batch: .mixing,
    differentiability: .never(because: "its inputs say how many numbers there are"))

  public init(_ node: NodeReader) throws {
    if node.version >= 27, let type = try node.int("stash_type"), type != 1 {
      throw TensorError(.unsupported, "Range: the attribute stash_type is \(type), and only 1 (float) is supported")
    }
  }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    let dtypes = try (0..<3).map { try tensorType(inputs, $0, of: Self.schema).dtype }
    try check(dtypes)
    guard let start = known[0], let limit = known[1], let delta = known[2] else {
      return [.tensor(TensorType(dtypes[0], [.unknown]))]
    }
    return [.tensor(TensorType(dtypes[0], [.known(try count(start, limit, delta))]))]
  }

  public func forward(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let settings = try (0..<3).map { try tensor(inputs, $0, of: Self.schema) }
    try check(settings.map(\.dtype))
    let count = try count(settings[0], settings[1], settings[2])
    let dtype = settings[0].dtype
    switch dtype {
    case .float64: return [.tensor(try numbers(settings, count) { $0 + Double($1) * $2 })]
    case .int64, .int32, .int16:
      let numbers = try numbers(settings, count) { (start: Int, index, delta) in start &+ index &* delta }
      return [.tensor(try numbers.numbers(as: dtype))]
    default:
      let numbers = try numbers(settings, count) { (start: Float, index, delta) in start + Float(index) * delta }
      return [.tensor(try numbers.numbers(as: dtype))]
    }
  }

  private func numbers<Element: Scalar>(
    _ settings: [Tensor], _ count: Int, _ number: (Element, Int, Element) -> Element
  ) throws -> Tensor {
    let start = try settings[0].elements(as: Element.self)[0]
    let delta = try settings[2].elements(as: Element.self)[0]
    return try Tensor.vector(count) { number(start, $0, delta) }
  }

  private func check(_ dtypes: [DType]) throws {
    let known: [DType] = [.float32, .float64, .float16, .bfloat16, .int16, .int32, .int64]
    guard dtypes.allSatisfy({ $0 == dtypes[0] }), known.contains(dtypes[0]) else {
      throw TensorError(
        .dtype,
        "Range: start, limit and delta are \(dtypes[0]), \(dtypes[1]) and \(dtypes[2]); they should be of one "
          + "type, floating or int16, int32, int64")
    }
  }

  private func count(_ start: Tensor, _ limit: Tensor, _ delta: Tensor) throws -> Int {
    for setting in [start, limit, delta] where setting.count != 1 {
      throw TensorError(
        .shape, "Range: start, limit and delta should be one number each; one has shape \(setting.shape)")
    }
    if start.dtype.isInteger {
      return try count(try start.integers()[0], try limit.integers()[0], try delta.integers()[0])
    }
    let steps = try ((try limit.item() - start.item()) / delta.item()).rounded(.up)
    guard steps.isFinite, let count = Int(exactly: max(0, steps)) else {
      throw TensorError(
        .range,
        "Range: from \(try start.item()) to \(try limit.item()) in steps of \(try delta.item()) there is no "
          + "finite number of steps")
    }
    return count
  }

  private func count(_ start: Int, _ limit: Int, _ delta: Int) throws -> Int {
    guard delta != 0 else { throw TensorError(.range, "Range: delta is 0") }
    guard delta > 0 ? limit > start : limit < start else { return 0 }
    let distance = UInt(bitPattern: delta > 0 ? limit &- start : start &- limit)
    guard let count = Int(exactly: (distance - 1) / delta.magnitude + 1) else {
      throw TensorError(.memory, "Range: from \(start) to \(limit) there are more numbers than any memory holds")
    }
    return count
  }
}

extension Tensor {
  /// Whole numbers from `start` to before `limit`; see `RangeOperator`.
  public static func range(_ start: Int = 0, _ limit: Int, by delta: Int = 1) -> Tensor {
    catching { try apply(RangeOperator(), to: Tensor(start), Tensor(limit), Tensor(delta)) }
  }

  /// The whole numbers from 0 to before `limit`, a scalar.
  static func range(_ limit: Tensor) -> Tensor {
    catching { try apply(RangeOperator(), to: Tensor(0), limit, Tensor(1)) }
  }
}
