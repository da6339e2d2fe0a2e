import ThawKernels
import ThawTensor
import ThawTypes

/// Chooses the algorithm of each convolution.
struct ConvolutionChoice {
  /// By Winograd's algorithm where the library has it, unless `isExact`.
  static func apply(to lowering: Lowering, isExact: Bool) -> Lowering {
    guard !isExact else { return lowering }
    var result = lowering
    for index in result.calls.indices {
      guard case .kernel(let request) = result.calls[index].body, var convolution = request as? ConvolutionRequest,
        suitsWinograd(convolution)
      else { continue }
      convolution.usesWinograd = true
      guard let kernel = try? KernelCache.shared.kernel(for: convolution, backend: Context.current.backend),
        pays(convolution, by: kernel)
      else { continue }
      result.calls[index].body = .kernel(convolution)
    }
    return result
  }

  /// The algorithm is for windows of 3×3 that move by one; below this many channels its transforms cost what it saves.
  private static func suitsWinograd(_ convolution: ConvolutionRequest) -> Bool {
    convolution.dtype == .float32 && convolution.kernelSize == [3, 3] && convolution.strides == [1, 1]
      && convolution.dilations == [1, 1] && convolution.groups == 1 && convolution.inputLayout != .plain
      && convolution.outputLayout != .plain && min(convolution.inputChannels, convolution.outputChannels) >= 32
  }

  /// Whether enough tiles of 4×4 results share the transformed weights, which are four times as large as the weights:
  /// they are written and read once in each run, and where the processor's caches hold them fewer tiles will do.
  private static func pays(_ convolution: ConvolutionRequest, by kernel: Kernel) -> Bool {
    let tiles = convolution.outputSize.reduce(convolution.batch) { $0 * (($1 + 3) / 4) }
    let weightByteCount = 36 * convolution.inputChannels * convolution.outputChannels * convolution.dtype.itemSize
    guard tiles >= (weightByteCount <= cachedByteCount ? 32 : 96) else { return false }
    return kernel.scratchByteCount <= scratchRatio * convolution.byteCount
  }

  private static let cachedByteCount = 4 << 20
  /// The most scratch memory for each byte of the operands.
  private static let scratchRatio = 8
}

extension ConvolutionRequest {
  /// What the input, the weights and the output take together.
  fileprivate var byteCount: Int {
    let images = inputSize.reduce(batch * inputChannels, *) + outputSize.reduce(batch * outputChannels, *)
    return (images + kernelSize.reduce(inputChannels * outputChannels / max(1, groups), *)) * dtype.itemSize
  }
}
