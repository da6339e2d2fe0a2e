import ThawKernels

// The comparisons of two tensors, as a table: schema and kernel. Their results are bool and carry no gradient.

extension Schema {
  fileprivate static func comparison(_ name: String, versions: [Int]) -> Schema {
    Schema(
      name, versions: versions, inputs: [Input("A", .index), Input("B", .index)],
      outputs: [Output("C", differentiable: false)], batch: .elementwise,
      differentiability: .never(because: "a comparison is constant almost everywhere"))
  }
}

/// ONNX Equal-1, 7, 11, 13, 19; of strings too.
public struct Equal: ElementwiseBinary {
  public init() {}
  public static let schema = Schema.comparison("Equal", versions: [1, 7, 11, 13, 19])
  static let function = BinaryFunction.equal

  public func forward(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let left = try tensor(inputs, 0, of: Self.schema)
    let right = try tensor(inputs, 1, of: Self.schema)
    guard left.areStrings, right.areStrings else {
      return [.tensor(try elementwise(Self.function, left, right, in: "Equal"))]
    }
    guard let shape = Shapes.broadcast(left.shape, right.shape) else {
      throw TensorError.broadcast("Equal", left.shape.map(Dim.known), right.shape.map(Dim.known))
    }
    let (a, b) = (try left.strings(broadcastTo: shape), try right.strings(broadcastTo: shape))
    return [.tensor(try Tensor(copying: zip(a, b).map { $0 == $1 }, shape: shape))]
  }
}

/// ONNX Less-1, 7, 9, 13.
public struct Less: ElementwiseBinary {
  public init() {}
  public static let schema = Schema.comparison("Less", versions: [1, 7, 9, 13])
  static let function = BinaryFunction.less
}

/// ONNX Greater-1, 7, 9, 13.
public struct Greater: ElementwiseBinary {
  public init() {}
  public static let schema = Schema.comparison("Greater", versions: [1, 7, 9, 13])
  static let function = BinaryFunction.greater
}

/// ONNX LessOrEqual-12, 16.
public struct LessOrEqual: ElementwiseBinary {
  public init() {}
  public static let schema = Schema.comparison("LessOrEqual", versions: [12, 16])
  static let function = BinaryFunction.lessOrEqual
}

/// ONNX GreaterOrEqual-12, 16.
public struct GreaterOrEqual: ElementwiseBinary {
  public init() {}
  public static let schema = Schema.comparison("GreaterOrEqual", versions: [12, 16])
  static let function = BinaryFunction.greaterOrEqual
}

infix operator .== : ComparisonPrecedence
infix operator .< : ComparisonPrecedence
infix operator .> : ComparisonPrecedence
infix operator .<= : ComparisonPrecedence
infix operator .>= : ComparisonPrecedence

extension Tensor {
  /// Where the elements are equal; see `Equal`.
  public static func .== (left: Tensor, right: Tensor) -> Tensor { catching { try apply(Equal(), to: left, right) } }
  /// See `Equal`.
  public static func .== (left: Tensor, right: some ScalarOperand) -> Tensor {
    catching { try apply(Equal(), to: left, left.scalar(right)) }
  }
  /// Where the left element is less; see `Less`.
  public static func .< (left: Tensor, right: Tensor) -> Tensor { catching { try apply(Less(), to: left, right) } }
  /// See `Less`.
  public static func .< (left: Tensor, right: some ScalarOperand) -> Tensor {
    catching { try apply(Less(), to: left, left.scalar(right)) }
  }
  /// Where the left element is greater; see `Greater`.
  public static func .> (left: Tensor, right: Tensor) -> Tensor { catching { try apply(Greater(), to: left, right) } }
  /// See `Greater`.
  public static func .> (left: Tensor, right: some ScalarOperand) -> Tensor {
    catching { try apply(Greater(), to: left, left.scalar(right)) }
  }
  /// Where the left element is less or equal; see `LessOrEqual`.
  public static func .<= (left: Tensor, right: Tensor) -> Tensor {
    catching { try apply(LessOrEqual(), to: left, right) }
  }
  /// See `LessOrEqual`.
  public static func .<= (left: Tensor, right: some ScalarOperand) -> Tensor {
    catching { try apply(LessOrEqual(), to: left, left.scalar(right)) }
  }
  /// Where the left element is greater or equal; see `GreaterOrEqual`.
  public static func .>= (left: Tensor, right: Tensor) -> Tensor {
    catching { try apply(GreaterOrEqual(), to: left, right) }
  }
  /// See `GreaterOrEqual`.
  public static func .>= (left: Tensor, right: some ScalarOperand) -> Tensor {
    catching { try apply(GreaterOrEqual(), to: left, left.scalar(right)) }
  }
}
