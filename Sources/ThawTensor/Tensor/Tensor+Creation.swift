import ThawTypes

extension Tensor {
  /// A float32 tensor of these values: a vector, or of `shape`.
  ///
  /// A shape of another element count is an error, as for any operation.
  public init(_ values: [Float], shape: [Int]? = nil, requiresGrad: Bool = false) {
    self = .catching { try Tensor(copying: values, shape: shape, requiresGrad: requiresGrad) }
  }

  /// An int64 tensor of these values: a vector, or of `shape`.
  public init(_ values: [Int], shape: [Int]? = nil) {
    self = .catching { try Tensor(copying: values, shape: shape) }
  }

  /// A bool tensor of these values: a vector, or of `shape`.
  public init(_ values: [Bool], shape: [Int]? = nil) {
    self = .catching { try Tensor(copying: values, shape: shape) }
  }

  /// A tensor of the type of these values: a vector, or of `shape`.
  public init<Element: Scalar>(elements: [Element], shape: [Int]? = nil, requiresGrad: Bool = false) {
    self = .catching { try Tensor(copying: elements, shape: shape, requiresGrad: requiresGrad) }
  }

  /// A float32 scalar.
  public init(_ value: Float, requiresGrad: Bool = false) { self.init([value], shape: [], requiresGrad: requiresGrad) }

  /// An int64 scalar.
  public init(_ value: Int) { self.init([value], shape: []) }

  /// A tensor of byte strings, row-major.
  ///
  /// - Throws: `TensorError` of kind `shape` when the count does not fit.
  public init(strings: [[UInt8]], shape: [Int]) throws {
    try Self.check(count: strings.count, shape: shape)
    self.init(dtype: .string, shape: shape, contents: .strings(strings))
  }

  package init<Element: Scalar>(copying values: [Element], shape: [Int]?, requiresGrad: Bool = false) throws {
    let shape = shape ?? [values.count]
    try Self.check(count: values.count, shape: shape)
    let tensor = try values.withUnsafeBytes { try Tensor(copying: $0, dtype: Element.dtype, shape: shape) }
    self = requiresGrad ? try tensor.requiringGrad() : tensor
  }

  /// A copy of row-major elements; types narrower than a byte take one byte each.
  package init(copying bytes: UnsafeRawBufferPointer, dtype: DType, shape: [Int]) throws {
    let storage = try Storage(byteCount: bytes.count)
    if let source = bytes.baseAddress { storage.pointer.copyMemory(from: source, byteCount: bytes.count) }
    self.init(dtype: dtype, shape: shape, storage: storage)
  }

  /// A tensor over row-major elements that `owner` keeps alive; they must be aligned for the type.
  package init(viewing bytes: UnsafeRawBufferPointer, owner: any Sendable, dtype: DType, shape: [Int]) {
    self.init(dtype: dtype, shape: shape, storage: Storage(viewing: bytes, owner: owner))
  }

  private static func check(count: Int, shape: [Int]) throws {
    guard DType.elementCount(of: shape) == count else {
      throw TensorError(.shape, "\(count) values do not fill a tensor of shape \(shape)")
    }
  }

  /// Uninitialized elements, to be filled before anyone else sees the tensor.
  ///
  /// - Throws: `TensorError` of kind `shape` when the shape is negative or overflows, `memory` when there is no room.
  ///
  /// - Parameter isPlanned: whether a program that is being compiled will give the place.
  package static func uninitialized(
    _ shape: [Int], dtype: DType, isInference: Bool = Context.current.isInference, isPlanned: Bool = false
  ) throws -> Tensor {
    guard let count = DType.elementCount(of: shape) else {
      throw TensorError(.shape, "a tensor of shape \(shape) has no valid element count")
    }
    let (bytes, overflow) = count.multipliedReportingOverflow(by: dtype.itemSize)
    guard !overflow else { throw TensorError(.memory, "a \(dtype) tensor of shape \(shape) is larger than any memory") }
    if isPlanned { return Tensor(dtype: dtype, shape: shape, storage: Storage(planned: bytes)) }
    return Tensor(dtype: dtype, shape: shape, storage: try Storage(byteCount: bytes, isInference: isInference))
  }

  /// A tensor with one value everywhere; one element in memory, whatever the shape.
  ///
  /// - Throws: `TensorError` of kind `range` when the type cannot hold the value, `shape` for a negative dimension.
  public static func full(_ shape: [Int], _ value: Double, dtype: DType = .float32) throws -> Tensor {
    guard DType.elementCount(of: shape) != nil else {
      throw TensorError(.shape, "a tensor of shape \(shape) has no valid element count")
    }
    let scalar = try Tensor.scalar(value, dtype: dtype)
    guard case .memory(let storage, let offset, _) = scalar.contents else { return scalar }
    return Tensor(
      dtype: dtype, shape: shape, contents: .memory(storage, offset: offset, strides: shape.map { _ in 0 }))
  }

  /// Zeros.
  public static func zeros(_ shape: [Int], dtype: DType = .float32) -> Tensor {
    catching { try full(shape, 0, dtype: dtype) }
  }

  /// Ones.
  public static func ones(_ shape: [Int], dtype: DType = .float32) -> Tensor {
    catching { try full(shape, 1, dtype: dtype) }
  }

  /// A scalar of a given type.
  ///
  /// - Throws: `TensorError` of kind `range` when the type cannot hold the value.
  public static func scalar(_ value: Double, dtype: DType) throws -> Tensor {
    switch dtype {
    case .float32: return try Tensor(copying: [Float(value)], shape: [])
    case .float64: return try Tensor(copying: [value], shape: [])
    case .bool where value == 0 || value == 1: return try Tensor(copying: [value != 0], shape: [])
    case .int32:
      if let exact = Int32(exactly: value) { return try Tensor(copying: [exact], shape: []) }
    case .int64:
      if let exact = Int(exactly: value) { return try Tensor(copying: [exact], shape: []) }
    case _ where dtype.isFloatingPoint || dtype.isInteger:
      let cast = try apply(Cast(to: dtype), to: try Tensor(copying: [value], shape: []))
      let back = try cast.elements(as: Double.self)[0]
      if dtype.isFloatingPoint || back == value { return cast }
    default: break
    }
    throw TensorError(.range, "the value \(value) cannot be a \(dtype)")
  }
}
