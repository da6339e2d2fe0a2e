import ThawKernels
import ThawTensor

/// Lays weights that do not change out once as the library's convolutions read them.
struct WeightPacking {
  static func apply(to lowering: Lowering) -> Lowering {
    var result = lowering
    for index in result.calls.indices {
      guard case .kernel(let request) = result.calls[index].body, var convolution = request as? ConvolutionRequest,
        let packed = try? packedWeight(of: convolution, result.calls[index], &result)
      else { continue }
      convolution.isWeightPacked = true
      guard (try? KernelCache.shared.kernel(for: convolution, backend: Context.current.backend)) != nil else {
        continue
      }
      result.calls[index].body = .kernel(convolution)
      result.calls[index].inputs[1] = packed
    }
    return result
  }

  private static func packedWeight(
    of convolution: ConvolutionRequest, _ call: Lowering.Call, _ lowering: inout Lowering
  ) throws -> Lowering.Operand? {
    guard convolution.direction != .weightGradient, let weight = call.inputs[1],
      case .constant(let storage) = lowering.buffers[weight.buffer],
      convolution.inputLayout != .plain || convolution.outputLayout != .plain
    else { return nil }
    let packing = ConvolutionPackingRequest(convolution)
    let packed = try Storage(byteCount: try packing.outputByteCount(for: Context.current.backend))
    try KernelCache.shared.kernel(for: packing, backend: Context.current.backend).run([
      storage.pointer + weight.byteOffset, packed.pointer,
    ])
    lowering.buffers.append(.constant(packed))
    return Lowering.Operand(
      buffer: lowering.buffers.count - 1, dtype: .uint8, shape: [packed.byteCount], strides: [1])
  }
}
