import CKernels
import ThawTypes

/// One operand of a request, as conversion at the kernel's edge has to know it.
struct OperandLayout {
  enum Role {
    case input, output
    /// Read and written.
    case update
  }

  var dtype: DType
  var shape: [Int]
  /// Nil when contiguous.
  var strides: [Int]?
  var role: Role = .input
}

/// A request that can be served in another type than its own: converted operands in, converted results out.
///
/// This is how every type without loops computes. An operand is converted when its type is the request's.
protocol ConvertibleRequest: KernelRequest {
  /// For messages.
  var operation: String { get }
  var dtype: DType { get }
  /// In the order of the operands.
  var operandLayouts: [OperandLayout] { get }
  /// The type to compute in; nil when there is none, the request's own when it has loops.
  var computeType: DType? { get }
  /// The same request in another type, its inputs arranged by `strides`, in the order of the operands.
  func converted(to dtype: DType, strides: [[Int]]) -> Self
}

extension ConvertibleRequest {
  var computeType: DType? { dtype.computeType }

  var unsupported: KernelError { .unsupported(operation: operation, detail: "\(dtype)") }

  /// The kernel that computes in `computeType`.
  func prepareConverted(for backend: Backend) throws -> Kernel {
    guard let compute = computeType, compute != dtype else { throw unsupported }
    var scratch = Scratch()
    var edges: [Edge] = []
    var strides: [[Int]] = []
    for (index, layout) in operandLayouts.enumerated() {
      let given = layout.strides ?? contiguousStrides(layout.shape)
      guard layout.dtype == dtype else {
        strides.append(given)
        continue
      }
      // What is broadcast is converted once.
      let held = zip(layout.shape, given).map { $1 == 0 ? min($0, 1) : $0 }
      strides.append(zip(contiguousStrides(held), given).map { $1 == 0 ? 0 : $0 })
      let into =
        try layout.role == .output
        ? nil
        : ConvertRequest(from: dtype, to: compute, shape: held, strides: given, saturate: false).prepare(for: .portable)
      let back =
        try layout.role == .input
        ? nil
        : ConvertRequest(from: compute, to: dtype, shape: held, strides: contiguousStrides(held), saturate: false)
          .prepare(for: .portable)
      edges.append(
        Edge(operand: index, offset: scratch.add(held.reduce(1, *) * compute.itemSize), into: into, back: back))
    }
    let kernel = try converted(to: compute, strides: strides).prepare(for: backend)
    let inner = scratch.add(kernel.scratchByteCount)
    return Kernel(implementation: "\(kernel.implementation) in \(compute)", scratchByteCount: scratch.byteCount) {
      [edges] operands, scratch in
      var inside = operands
      for edge in edges {
        guard let outside = operands[edge.operand] else { continue }
        let pointer = scratch! + edge.offset
        inside[edge.operand] = pointer
        try edge.into?.run([outside, pointer], scratch: nil)
      }
      try kernel.run(inside, scratch: scratch! + inner)
      for edge in edges {
        guard let outside = operands[edge.operand] else { continue }
        try edge.back?.run([inside[edge.operand], outside], scratch: nil)
      }
    }
  }
}

/// Where one operand crosses from the request's type into the kernel's.
private struct Edge: Sendable {
  var operand: Int
  var offset: Int
  var into: Kernel?
  var back: Kernel?
}

/// Lays out scratch memory, each part at a multiple of 64 bytes.
struct Scratch {
  /// Never 0, so that there is always a pointer to count offsets from.
  private(set) var byteCount = 64

  /// The offset of a new part.
  mutating func add(_ bytes: Int) -> Int {
    let offset = byteCount
    byteCount += (bytes + 63) & ~63
    return offset
  }
}

extension DType {
  /// The type that computes for this one: one with loops of its own that holds all its values; nil for what is no number.
  var computeType: DType? {
    switch self {
    case .float32, .float64, .int32, .int64, .uint64: self
    case .float16, .bfloat16, .float8e4m3fn, .float8e4m3fnuz, .float8e5m2, .float8e5m2fnuz, .float4e2m1, .float8e8m0:
      .float32
    case .int8, .uint8, .int16, .uint16, .uint4, .int4, .uint2, .int2, .bool: .int32
    case .uint32: .int64
    case .string, .complex64, .complex128: nil
    }
  }
}
