import ThawTypes

/// Which statistics normalize a batch, and in which direction.
package enum BatchNormalizationMode: Int32, Hashable, Sendable, CaseIterable {
  case inference, training, backwardInference, backwardTraining
}

/// Normalization of each channel of (batch, channels, spatial), or its gradients.
///
/// Operands: inference `[x, scale, bias, mean, variance, y]`; training `[x, scale, bias, y, mean, variance]`, with the
/// population's variance; backward `[dy, x, scale, mean, variance, dx?, dscale?, dbias?]`, with the mean and variance
/// that the forward pass used.
package struct BatchNormalizationRequest: KernelRequest {
  package var mode: BatchNormalizationMode
  package var dtype: DType
  package var batch: Int
  package var channels: Int
  package var spatial: Int
  package var epsilon: Double

  package init(mode: BatchNormalizationMode, dtype: DType, batch: Int, channels: Int, spatial: Int, epsilon: Double) {
    self.mode = mode
    self.dtype = dtype
    self.batch = batch
    self.channels = channels
    self.spatial = spatial
    self.epsilon = epsilon
  }

  package func prepare(for backend: Backend) throws -> Kernel {
    throw KernelError.unsupported(operation: "batch normalization", detail: "\(dtype)")
  }
}
