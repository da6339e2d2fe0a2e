import ThawTypes

/// What of a convolution is computed.
package enum ConvolutionDirection: Int32, Hashable, Sendable, CaseIterable {
  case forward, inputGradient, weightGradient
}

/// What a forward convolution does with each result before it is stored.
package enum ConvolutionTail: Hashable, Sendable {
  /// Adds what the output's memory held before.
  case sum
  case relu
  case clip(lower: Float, upper: Float)
  case hardSwish, sigmoid, tanh
}

/// A convolution over 1 to 3 spatial axes, or one of its gradients.
///
/// Operands: forward `[x, w, bias?, y]`; inputGradient `[dy, w, dx]`; weightGradient `[x, dy, dw]`; nil for no bias. Layouts are
/// (batch, channel, space...) and, for w, (output channel, input channel in its group, space...).
package struct ConvolutionRequest: KernelRequest {
  package var direction: ConvolutionDirection
  package var dtype: DType
  package var batch: Int
  package var inputChannels: Int
  package var outputChannels: Int
  package var groups: Int
  package var inputSize: [Int]
  package var kernelSize: [Int]
  package var outputSize: [Int]
  package var strides: [Int]
  /// 1 where the kernel's elements are neighbours.
  package var dilations: [Int]
  package var padsBegin: [Int]
  package var padsEnd: [Int]
  package var hasBias: Bool
  /// Only oneDNN takes others than plain ones.
  package var inputLayout = ChannelLayout.plain
  package var outputLayout = ChannelLayout.plain
  /// Whether w is what `WeightPackingRequest` made.
  package var isWeightPacked = false
  /// What becomes of each result of the forward direction, in order; only oneDNN takes any.
  package var tails: [ConvolutionTail] = []
  /// By Winograd's minimal filtering, where the library has it: fewer multiplications, other rounding.
  package var usesWinograd = false

  package init(
    direction: ConvolutionDirection, dtype: DType, batch: Int, inputChannels: Int, outputChannels: Int, groups: Int,
    inputSize: [Int], kernelSize: [Int], outputSize: [Int], strides: [Int], dilations: [Int], padsBegin: [Int],
    padsEnd: [Int], hasBias: Bool
  ) {
    self.direction = direction
    self.dtype = dtype
    self.batch = batch
    self.inputChannels = inputChannels
    self.outputChannels = outputChannels
    self.groups = groups
    self.inputSize = inputSize
    self.kernelSize = kernelSize
    self.outputSize = outputSize
    self.strides = strides
    self.dilations = dilations
    self.padsBegin = padsBegin
    self.padsEnd = padsEnd
    self.hasBias = hasBias
  }

  package func prepare(for backend: Backend) throws -> Kernel {
    guard inputLayout == .plain, outputLayout == .plain, !isWeightPacked, !usesWinograd, tails.isEmpty else {
      #if THAW_ONEDNN
        return try oneDNNKernel(for: backend)
      #else
        throw unsupported
      #endif
    }
    return try prepare(for: backend) { try PortableConvolution(self).kernel() }
  }
}

extension ConvolutionRequest: ConvertibleRequest {
  var operation: String { "convolution (\(direction))" }

  var operandLayouts: [OperandLayout] {
    let x = OperandLayout(dtype: dtype, shape: [batch, inputChannels] + inputSize)
    let w = OperandLayout(
      dtype: dtype, shape: [outputChannels, groups == 0 ? 0 : inputChannels / groups] + kernelSize)
    let y = OperandLayout(dtype: dtype, shape: [batch, outputChannels] + outputSize)
    func output(_ layout: OperandLayout) -> OperandLayout {
      var layout = layout
      layout.role = .output
      return layout
    }
    return switch direction {
    case .forward: [x, w, OperandLayout(dtype: dtype, shape: [outputChannels]), output(y)]
    case .inputGradient: [y, w, output(x)]
    case .weightGradient: [x, y, output(w)]
    }
  }

  func converted(to dtype: DType, strides: [[Int]]) -> ConvolutionRequest {
    var request = self
    request.dtype = dtype
    return request
  }
}
