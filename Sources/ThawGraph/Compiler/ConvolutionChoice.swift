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
      guard (try? KernelCache.shared.kernel(for: convolution, backend: Context.current.backend)) != nil else {
        continue
      }
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
}
