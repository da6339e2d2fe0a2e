import ThawKernels
import ThawTensor
import ThawTypes

/// Lays weights that do not change out once as the library's convolutions and products read them.
struct WeightPacking {
  private var lowering: Lowering
  private let backend: Backend
  private let uses: BufferUses

  static func apply(to lowering: Lowering) -> Lowering {
    var pass = WeightPacking(lowering: lowering, backend: Context.current.backend, uses: BufferUses(lowering))
    for index in lowering.calls.indices { pass.pack(index) }
    return pass.lowering
  }

  private mutating func pack(_ index: Int) {
    guard case .kernel(let request) = lowering.calls[index].body else { return }
    switch request {
    case var convolution as ConvolutionRequest
    where convolution.direction != .weightGradient
      && (convolution.inputLayout != .plain || convolution.outputLayout != .plain):
      let packing = WeightPackingRequest(for: convolution)
      convolution.isWeightPacked = true
      replace(index, by: convolution, packing)
    case let product as MatMulRequest:
      // The library packs matrices of two axes, and whole: what is cut into parts reads its own part of each.
      var joined = product.joiningRows()
      guard joined.batch.isEmpty, backend != .deterministic, runsOnLibrary(joined) else { return }
      let packing = WeightPackingRequest(for: joined)
      joined.isRightPacked = true
      replace(index, by: joined, packing)
    default: return
    }
  }

  private func runsOnLibrary(_ request: some KernelRequest) -> Bool {
    let kernel = try? KernelCache.shared.kernel(for: request, backend: backend)
    return kernel?.implementation.hasPrefix("oneDNN") ?? false
  }

  /// Lets a request that reads its packed weight take the place of the call's, where the library has both.
  private mutating func replace(_ index: Int, by request: some KernelRequest, _ packing: WeightPackingRequest) {
    guard let weight = lowering.calls[index].inputs[1], case .constant(let storage) = lowering.buffers[weight.buffer],
      (try? KernelCache.shared.kernel(for: request, backend: backend)) != nil,
      let packed = try? Storage(byteCount: packing.outputByteCount(for: backend)),
      let kernel = try? KernelCache.shared.kernel(for: packing, backend: backend),
      (try? kernel.run([storage.pointer + weight.byteOffset, packed.pointer])) != nil
    else { return }
    var buffer = weight.buffer
    if uses.readers[buffer]?.count == 1, !uses.slots.contains(buffer) {
      // Nobody needs the other form: most of a model's weights would be in memory twice while it is compiled.
      lowering.buffers[buffer] = .constant(packed)
    } else {
      buffer = lowering.buffers.count
      lowering.buffers.append(.constant(packed))
    }
    lowering.calls[index].body = .kernel(request)
    lowering.calls[index].inputs[1] = Lowering.Operand(
      buffer: buffer, dtype: .uint8, shape: [packed.byteCount], strides: [1])
  }
}
