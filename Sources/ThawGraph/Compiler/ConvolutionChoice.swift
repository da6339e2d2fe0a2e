import ThawKernels
import ThawTensor
import ThawTypes

/// Chooses the algorithm of each convolution, and packs weights that do not change.
struct ConvolutionChoice {
  /// By Winograd's algorithm where the library has it, unless `isExact`.
  static func apply(to lowering: Lowering, isExact: Bool) -> Lowering {
    var result = lowering
    for index in result.calls.indices {
      guard case .kernel(let request) = result.calls[index].body, var convolution = request as? ConvolutionRequest
      else { continue }
      if !isExact, suitsWinograd(convolution) {
        var winograd = convolution
        winograd.usesWinograd = true
        if (try? KernelCache.shared.kernel(for: winograd)) != nil { convolution = winograd }
      }
      result.calls[index].body = .kernel(convolution)
      if let packed = try? packedWeight(of: convolution, result.calls[index], &result) {
        convolution.isWeightPacked = true
        guard (try? KernelCache.shared.kernel(for: convolution)) != nil else { continue }
        result.calls[index].body = .kernel(convolution)
        result.calls[index].inputs[1] = packed
      }
    }
    return result
  }

  /// The algorithm is for windows of 3×3 that move by one; below this many channels its transforms cost what it saves.
  private static func suitsWinograd(_ convolution: ConvolutionRequest) -> Bool {
    convolution.dtype == .float32 && convolution.kernelSize == [3, 3] && convolution.strides == [1, 1]
      && convolution.dilations == [1, 1] && convolution.groups == 1 && convolution.inputLayout != .plain
      && convolution.outputLayout != .plain && min(convolution.inputChannels, convolution.outputChannels) >= 32
  }

  private static func packedWeight(
    of convolution: ConvolutionRequest, _ call: Lowering.Call, _ lowering: inout Lowering
  ) throws -> Lowering.Operand? {
    guard convolution.direction != .weightGradient, let weight = call.inputs[1],
      case .constant(let storage) = lowering.buffers[weight.buffer],
      convolution.inputLayout != .plain || convolution.outputLayout != .plain
    else { return nil }
    let packing = ConvolutionPackingRequest(convolution)
    let packed = try Storage(byteCount: try packing.outputByteCount())
    try KernelCache.shared.kernel(for: packing).run([storage.pointer + weight.byteOffset, packed.pointer])
    lowering.buffers.append(.constant(packed))
    return Lowering.Operand(
      buffer: lowering.buffers.count - 1, dtype: .uint8, shape: [packed.byteCount], strides: [1])
  }
}
