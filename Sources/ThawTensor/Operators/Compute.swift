import ThawKernels
import ThawTypes

// How operators reach the kernels: allocate outputs, hand over addresses, keep memory alive meanwhile.

/// Computes new contiguous outputs; nil for one that is not wanted.
func compute(
  _ request: some KernelRequest, _ inputs: [Tensor?], outputs: [(dtype: DType, shape: [Int])?]
) throws -> [Tensor?] {
  let context = Context.current
  let isPlanned = context.plans(inputs)
  let results = try outputs.map { output in
    try output.map {
      try Tensor.uninitialized(
        $0.shape, dtype: $0.dtype, isInference: context.isInference, isPlanned: isPlanned)
    }
  }
  try compute(request, inputs, onto: results, in: context)
  return results
}

/// Computes one new contiguous output.
func compute(_ request: some KernelRequest, _ inputs: Tensor?..., dtype: DType, shape: [Int]) throws -> Tensor {
  let context = Context.current
  let result = try Tensor.uninitialized(
    shape, dtype: dtype, isInference: context.isInference, isPlanned: context.plans(inputs))
  try compute(request, inputs, onto: [result], in: context)
  return result
}

/// Computes into tensors that nobody else has seen yet.
func compute(
  _ request: some KernelRequest, _ inputs: [Tensor?], onto results: [Tensor?], in context: Context = .current
) throws {
  if let capture = context.capture, try capture.takes(request, inputs, results) { return }
  var operands: Operands = []
  operands.reserveCapacity(inputs.count + results.count)
  for input in inputs { operands.append(try input?.address()) }
  for result in results { operands.append(try result?.address()) }
  do {
    try withExtendedLifetime((inputs, results)) {
      try run(request, operands, backend: context.backend)
    }
  } catch let error as KernelError {
    throw TensorError(error)
  }
}

extension TensorError {
  package init(_ error: KernelError) {
    switch error {
    case .unsupported: self.init(.unsupported, error.description)
    case .failed: self.init(.internal, error.description)
    }
  }
}

extension Tensor {
  /// The address of the element at index 0, 0, …
  package func address() throws -> UnsafeMutableRawPointer {
    switch contents {
    case .memory(let storage, let offset, _):
      if storage.isPlanned { throw KernelCapture.valueNeeded }
      return storage.pointer + offset * dtype.itemSize
    case .strings, .traced, .poisoned: throw notInMemory
    }
  }

  /// Why a kernel cannot have this tensor's numbers.
  private var notInMemory: any Error {
    switch contents {
    case .strings: TensorError(.unsupported, "the operation does not take strings, and an operand is \(type)")
    case .poisoned(let error): error
    case .memory, .traced:
      TensorError(.valueNeeded, "the operation needs numbers, and an operand is \(type), a value of a recording")
    }
  }

  /// The strides in which this tensor's elements fill `shape` by broadcasting.
  func strides(broadcastTo shape: [Int]) throws -> [Int] {
    guard let strides else { throw notInMemory }
    return Strides.broadcast(strides, of: self.shape, to: shape)
  }

  /// A row-major copy in memory of its own.
  package func copied() throws -> Tensor {
    let request = CopyRequest(
      itemSize: dtype.itemSize, shape: shape, inputStrides: try strides(broadcastTo: shape),
      outputStrides: Strides.contiguous(for: shape))
    return try compute(request, self, dtype: dtype, shape: shape)
  }

  /// Copies these elements into memory that nobody else has seen yet, which `target` looks at.
  package func copy(onto target: Tensor) throws {
    guard let targetStrides = target.strides else { throw TensorError(.internal, "copying to \(target.type)") }
    let request = CopyRequest(
      itemSize: dtype.itemSize, shape: target.shape, inputStrides: try strides(broadcastTo: target.shape),
      outputStrides: targetStrides)
    try compute(request, [self], onto: [target])
  }

  /// The same numbers in memory in another type, outside of every recording.
  func numbers(as dtype: DType, saturate: Bool = true) throws -> Tensor {
    if self.dtype == dtype { return self }
    let request = ConvertRequest(
      from: self.dtype, to: dtype, shape: shape, strides: try strides(broadcastTo: shape), saturate: saturate)
    return try compute(request, self, dtype: dtype, shape: shape)
  }

  /// A vector in memory of computed elements.
  static func vector<Element: Scalar>(_ count: Int, _ element: (Int) -> Element) throws -> Tensor {
    let result = try uninitialized([count], dtype: Element.dtype)
    guard case .memory(let storage, _, _) = result.contents else { return result }
    let elements = storage.pointer.bindMemory(to: Element.self, capacity: count)
    for index in 0..<count { elements[index] = element(index) }
    return result
  }

  /// Another look at the same memory.
  func view(shape: [Int], strides: [Int], offsetBy distance: Int = 0) throws -> Tensor {
    guard case .memory(let storage, let offset, _) = contents else {
      throw notInMemory
    }
    return Tensor(
      dtype: dtype, shape: shape, contents: .memory(storage, offset: offset + distance, strides: strides))
  }
}

/// The tensor among an operator's inputs.
///
/// - Throws: `TensorError` of kind `operand` when it is absent or not a tensor.
func tensor(_ values: [Value?], _ index: Int, of schema: Schema) throws -> Tensor {
  guard index < values.count, let value = values[index] else {
    throw TensorError(
      .operand, "\(schema.name): input \(index) (\(schema.input(at: index)?.name ?? "?")) is missing")
  }
  guard case .tensor(let tensor) = value else {
    throw TensorError(
      .operand,
      "\(schema.name): input \(index) (\(schema.input(at: index)?.name ?? "?")) should be a tensor and is "
        + "\(value.type)")
  }
  return tensor
}

/// The tensor among an operator's inputs, nil when it is absent.
func optionalTensor(_ values: [Value?], _ index: Int, of schema: Schema) throws -> Tensor? {
  guard index < values.count, values[index] != nil else { return nil }
  return try tensor(values, index, of: schema)
}

/// The tensor type among an operator's input types.
func tensorType(_ types: [ValueType?], _ index: Int, of schema: Schema) throws -> TensorType {
  guard index < types.count, let type = types[index] else {
    throw TensorError(
      .operand, "\(schema.name): input \(index) (\(schema.input(at: index)?.name ?? "?")) is missing")
  }
  guard case .tensor(let tensor) = type else {
    throw TensorError(
      .operand,
      "\(schema.name): input \(index) (\(schema.input(at: index)?.name ?? "?")) should be a tensor and is \(type)")
  }
  return tensor
}

/// The tensor type among an operator's input types, nil when the input is absent.
func optionalTensorType(_ types: [ValueType?], _ index: Int, of schema: Schema) throws -> TensorType? {
  guard index < types.count, types[index] != nil else { return nil }
  return try tensorType(types, index, of: schema)
}
