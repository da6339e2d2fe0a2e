import CKernels

/// Normalization by the batch's own statistics, and its gradients, of float32 images with their channels in blocks.
///
/// The statistics are sums over one block of one image each, joined in the order of the images: results do not depend
/// on the number of threads.
struct BlockedBatchNormalization {
  private let request: BatchNormalizationRequest
  private let block: Int
  /// What lies together: a block of channels of one image.
  private let planeCount: Int
  private let planeSize: Int

  /// - Throws: `KernelError.unsupported` for what only oneDNN or nobody computes.
  init(_ request: BatchNormalizationRequest, block: Int) throws {
    guard request.dtype == .float32, block == 8 || block == 16, request.channels % block == 0, request.batch > 0,
      request.spatial > 0, !request.hasAddend || request.mode == .training
    else { throw request.unsupported }
    self.request = request
    self.block = block
    planeCount = request.batch * request.channels / block
    planeSize = request.spatial * block
  }

  func kernel() -> Kernel {
    let count = request.channels
    // Two sums for each channel of each image, then five numbers for each channel.
    let sumBytes = request.batch * count * 2 * MemoryLayout<Double>.stride
    return Kernel(
      implementation: "portable, \(block) channels at a time",
      scratchByteCount: sumBytes + 5 * count * MemoryLayout<Float>.stride
    ) { operands, scratch in
      guard let scratch else { return }
      let sums = scratch.assumingMemoryBound(to: Double.self)
      let numbers = Coefficients((scratch + sumBytes).assumingMemoryBound(to: Float.self), count: count)
      let floats = operands.map { $0?.assumingMemoryBound(to: Float.self) }
      if request.mode == .training { forward(floats, sums, numbers) } else { backward(floats, sums, numbers) }
    }
  }

  /// What the loops read of each channel.
  private struct Coefficients {
    let factor, constant, slope, center, bias: UnsafeMutablePointer<Float>

    init(_ start: UnsafeMutablePointer<Float>, count: Int) {
      (factor, constant, slope) = (start, start + count, start + 2 * count)
      (center, bias) = (start + 3 * count, start + 4 * count)
    }
  }

  private typealias Floats = [UnsafeMutablePointer<Float>?]

  private func forward(_ operands: Floats, _ sums: UnsafeMutablePointer<Double>, _ numbers: Coefficients) {
    let addend = request.hasAddend ? operands[3] : nil
    let outputs = request.hasAddend ? 4 : 3
    guard let x = operands[0], let scale = operands[1], let shift = operands[2], let y = operands[outputs],
      let mean = operands[outputs + 1], let variance = operands[outputs + 2]
    else { return }
    // Numbers near the mean keep the squares small; the first place of the first image is one of them.
    eachPlane(isReversed: true) { plane, blockIndex in
      thaw_blocked_moments(
        Int32(block), Int64(request.spatial), x + plane * planeSize, x + blockIndex * planeSize,
        sums + plane * 2 * block)
    }
    let places = Double(request.batch * request.spatial)
    eachChannel(sums) { channel, sum, square in
      let start = Double(x[channel / block * planeSize + channel % block])
      let offset = sum / places
      let spread = square / places - offset * offset
      mean[channel] = Float(start + offset)
      // Rounding may leave it below 0; NaN stays.
      variance[channel] = spread < 0 ? 0 : Float(spread)
      numbers.center[channel] = mean[channel]
      numbers.factor[channel] = factor(scale[channel], variance[channel])
      numbers.bias[channel] = shift[channel]
    }
    eachPlane { plane, blockIndex in
      withRequest(numbers, blockIndex) {
        let start = plane * planeSize
        thaw_blocked_normalize($0, Int64(request.spatial), x + start, addend.map { $0 + start }, y + start)
      }
    }
  }

  private func backward(_ operands: Floats, _ sums: UnsafeMutablePointer<Double>, _ numbers: Coefficients) {
    let outputs = request.activation == .none ? 5 : 6
    guard let dy = operands[0], let x = operands[1], let scale = operands[2], let mean = operands[3],
      let variance = operands[4]
    else { return }
    for channel in 0..<request.channels {
      numbers.center[channel] = mean[channel]
      numbers.factor[channel] = factor(scale[channel], variance[channel])
      numbers.bias[channel] = outputs == 6 ? operands[5]?[channel] ?? 0 : 0
    }
    eachPlane(isReversed: true) { plane, blockIndex in
      withRequest(numbers, blockIndex) {
        let start = plane * planeSize
        thaw_blocked_normalization_sums($0, Int64(request.spatial), dy + start, x + start, sums + plane * 2 * block)
      }
    }
    let places = Double(request.batch * request.spatial)
    eachChannel(sums) { channel, sum, product in
      let inverse = 1 / (Double(variance[channel]) + request.epsilon).squareRoot()
      numbers.constant[channel] = Float(sum / places)
      numbers.slope[channel] = Float(product * inverse * inverse / places)
      operands[outputs + 1]?[channel] = Float(product * inverse)
      operands[outputs + 2]?[channel] = Float(sum)
    }
    guard let dx = operands[outputs] else { return }
    eachPlane { plane, blockIndex in
      withRequest(numbers, blockIndex) {
        let start = plane * planeSize
        thaw_blocked_normalization_gradient($0, Int64(request.spatial), dy + start, x + start, dx + start)
      }
    }
  }

  /// The same in both directions, to the last bit: the backward one computes again what the function behind got.
  private func factor(_ scale: Float, _ variance: Float) -> Float {
    Float(Double(scale) / (Double(variance) + request.epsilon).squareRoot())
  }

  /// - Parameter isReversed: from the last one on. Two passes in opposite orders find in the caches what the one before
  ///   them read last.
  private func eachPlane(isReversed: Bool = false, _ body: (_ plane: Int, _ blockIndex: Int) -> Void) {
    parallel(planeCount, grain: max(1, Self.grain / planeSize)) { range in
      for index in range {
        let plane = isReversed ? planeCount - 1 - index : index
        body(plane, plane % (request.channels / block))
      }
    }
  }

  /// Elements of an image that caches do not hold until somebody reads it.
  private static let streamed = 1 << 22
  /// Elements that are worth a thread.
  private static let grain = 16384

  /// Joins the images' sums of each channel.
  private func eachChannel(_ sums: UnsafeMutablePointer<Double>, _ body: (Int, Double, Double) -> Void) {
    parallel(request.channels, grain: max(1, Self.grain / request.batch)) { range in
      for channel in range {
        var (first, second) = (0.0, 0.0)
        for image in 0..<request.batch {
          let plane = sums + (image * request.channels / block + channel / block) * 2 * block
          first += plane[channel % block]
          second += plane[block + channel % block]
        }
        body(channel, first, second)
      }
    }
  }

  private func withRequest(
    _ numbers: Coefficients, _ blockIndex: Int, _ body: (UnsafePointer<thaw_blocked_normalization>) -> Void
  ) {
    let first = blockIndex * block
    var function = Int32(THAW_NORMALIZED)
    var (lower, upper) = (Float(0), Float.infinity)
    switch request.activation {
    case .none: break
    case .relu: function = Int32(THAW_NORMALIZED_RELU)
    case .clip(let least, let greatest):
      function = Int32(THAW_NORMALIZED_CLIP)
      (lower, upper) = (least, greatest)
    }
    var described = thaw_blocked_normalization(
      block: Int32(block), activation: function, streams: planeCount * planeSize >= Self.streamed ? 1 : 0, lower: lower,
      upper: upper, center: numbers.center + first,
      factor: numbers.factor + first, bias: numbers.bias + first, constant: numbers.constant + first,
      slope: numbers.slope + first)
    body(&described)
  }
}
