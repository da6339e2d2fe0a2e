import ThawKernels
import ThawTypes

/// How BatchNormalization and its gradient see a tensor: samples, channels, and the places of a channel.
struct BatchChannels {
  let batch: Int
  let channels: Int
  let spatial: Int
  /// Over which a channel's statistics are taken.
  let axes: [Int]

  /// A vector is one channel. Without `isSpatial` each place of a sample is a channel of its own.
  init(_ shape: [Int], isSpatial: Bool) {
    batch = shape.first ?? 1
    if shape.count < 2 {
      (channels, spatial) = (1, 1)
    } else if isSpatial {
      (channels, spatial) = (shape[1], shape[2...].reduce(1, *))
    } else {
      (channels, spatial) = (shape[1...].reduce(1, *), 1)
    }
    axes = shape.isEmpty ? [] : isSpatial && shape.count > 2 ? [0] + Array(2..<shape.count) : [0]
  }

  func request(_ mode: BatchNormalizationMode, dtype: DType, epsilon: Float) -> BatchNormalizationRequest {
    BatchNormalizationRequest(
      mode: mode, dtype: dtype, batch: batch, channels: channels, spatial: spatial, epsilon: Double(epsilon))
  }
}

/// One number per channel, laid along the channels of a tensor of `rank`.
func channelColumn(_ values: Tensor, rank: Int, isSpatial: Bool = true) -> Tensor {
  if rank < 2 { return values }
  return isSpatial
    ? values.reshaped(to: [1, -1] + [Int](repeating: 1, count: rank - 2)) : values.unsqueezed(axes: [0])
}

extension DType {
  /// The floating type to compute in when operands have several.
  static func widest(_ types: [DType]) -> DType {
    if let first = types.first, types.allSatisfy({ $0 == first }) { return first }
    return types.contains(.float64) ? .float64 : .float32
  }
}

extension Tensor {
  /// This tensor where it has the type, else a conversion.
  func asType(_ dtype: DType) -> Tensor { self.dtype == dtype ? self : cast(to: dtype) }
}
