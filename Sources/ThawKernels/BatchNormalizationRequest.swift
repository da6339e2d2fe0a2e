import CKernels
import ThawTypes

/// Which statistics normalize a batch, and in which direction.
package enum BatchNormalizationMode: Int32, Hashable, Sendable, CaseIterable {
  case inference, training, backwardInference, backwardTraining
}

/// The function behind a normalization, in the same pass through memory.
package enum NormalizationActivation: Hashable, Sendable {
  case none, relu
  case clip(lower: Float, upper: Float)
}

/// Normalization of each channel of (batch, channels, spatial), or its gradients.
///
/// Operands: inference `[x, scale, bias, mean, variance, y]`; training `[x, scale, bias, y, mean, variance]`, with the
/// population's variance; backward `[dy, x, scale, mean, variance, dx?, dscale?, dbias?]`, with the mean and variance
/// that the forward pass used. In blocks of channels, training may go on with a sum and a function: training
/// `[x, scale, bias, addend, y, mean, variance]` with an addend, backwardTraining `[dy, x, scale, mean, variance, bias,
/// dx?, dscale?, dbias?]` with a function, whose dy is the gradient behind it.
package struct BatchNormalizationRequest: KernelRequest {
  package var mode: BatchNormalizationMode
  package var dtype: DType
  package var batch: Int
  package var channels: Int
  package var spatial: Int
  package var epsilon: Double
  /// Of x, y and their gradients.
  package var layout = ChannelLayout.plain
  package var activation = NormalizationActivation.none
  /// Whether another image is added before the function; forward only.
  package var hasAddend = false

  package init(mode: BatchNormalizationMode, dtype: DType, batch: Int, channels: Int, spatial: Int, epsilon: Double) {
    self.mode = mode
    self.dtype = dtype
    self.batch = batch
    self.channels = channels
    self.spatial = spatial
    self.epsilon = epsilon
  }

  package func prepare(for backend: Backend) throws -> Kernel {
    if case .blocked(let block) = layout {
      // With statistics that are given, the library is as fast as memory too.
      if mode == .training || mode == .backwardTraining {
        return try BlockedBatchNormalization(self, block: block).kernel()
      }
      guard activation == .none, !hasAddend else { throw unsupported }
      #if THAW_ONEDNN
        return try oneDNNKernel(for: backend)
      #else
        throw unsupported
      #endif
    }
    guard activation == .none, !hasAddend else { throw unsupported }
    return try prepare(for: backend, portable: portableKernel)
  }

  private func portableKernel() -> Kernel {
    let request = thaw_batch_normalization(
      dtype: dtype.rawValue, mode: mode.rawValue, batch: Int64(batch), channels: Int64(channels),
      spatial: Int64(spatial), epsilon: epsilon)
    let grain = max(1, Self.parallelThreshold / max(1, batch * spatial))
    return Kernel { [channels] operands, _ in
      parallel(channels, grain: grain) { range in
        _ = withUnsafePointer(to: request) {
          thaw_normalize_batch($0, operands, Int64(range.lowerBound), Int64(range.upperBound))
        }
      }
    }
  }

  /// Elements that are worth a thread.
  private static let parallelThreshold = 16384
}

extension BatchNormalizationRequest: ConvertibleRequest {
  var operation: String { "batch normalization (\(mode))" }

  var operandLayouts: [OperandLayout] {
    let data = OperandLayout(dtype: dtype, shape: [batch, channels, spatial])
    let channel = OperandLayout(dtype: dtype, shape: [channels])
    let dataOutput = OperandLayout(dtype: dtype, shape: [batch, channels, spatial], role: .output)
    let channelOutput = OperandLayout(dtype: dtype, shape: [channels], role: .output)
    return switch mode {
    case .inference: [data, channel, channel, channel, channel, dataOutput]
    case .training: [data, channel, channel, dataOutput, channelOutput, channelOutput]
    case .backwardInference, .backwardTraining:
      [data, data, channel, channel, channel, dataOutput, channelOutput, channelOutput]
    }
  }

  var computeType: DType? { dtype.isFloatingPoint ? dtype.computeType : nil }

  func converted(to dtype: DType, strides: [[Int]]) -> BatchNormalizationRequest {
    var request = self
    request.dtype = dtype
    return request
  }
}
