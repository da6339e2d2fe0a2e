#if THAW_ONEDNN
  import COneDNN
  import ThawTypes

  extension ConvolutionRequest: OneDNNRequest {
    /// Multiplications from which on a primitive's call is worth its overhead.
    private static let threshold = 1 << 15

    var paysOnOneDNN: Bool {
      let places = (outputSize + kernelSize).reduce(batch * outputChannels, *)
      return places * (inputChannels / max(1, groups)) >= Self.threshold
    }

    func oneDNNKernel(threads: Int) throws -> Kernel {
      try OneDNNPrimitive.kernel(operation, description(), threads: threads, thaw_dnnl_create_convolution)
    }

    /// By images. Weight gradients are summed, so that few of them, and only of float32, are worth their memory; where
    /// weights are packed all parts read the same, and so are of one size.
    var division: Division<ConvolutionRequest>? {
      let (x, y) = (
        inputSize.reduce(inputChannels, *) * dtype.itemSize, outputSize.reduce(outputChannels, *) * dtype.itemSize
      )
      func part(_ batch: Int) -> ConvolutionRequest {
        var part = self
        part.batch = batch
        return part
      }
      let wanted = min(batch, Division<Self>.count(for: arithmetic))
      guard wanted > 1 else { return nil }
      switch direction {
      case .forward, .inputGradient:
        return Division(
          length: batch, size: batch / divisor(of: batch, near: wanted),
          steps: direction == .forward ? [x, 0, 0, y] : [y, 0, x], part: part)
      case .weightGradient:
        guard dtype == .float32, groups > 0 else { return nil }
        let elements = kernelSize.reduce(outputChannels * (inputChannels / groups), *)
        let affordable = max(2, Self.partialSumBytes / max(1, elements * dtype.itemSize))
        var division = Division(
          length: batch, size: (batch - 1) / min(wanted, affordable) + 1, steps: [x, y, 0], part: part)
        division?.sums = [(2, elements)]
        return division
      }
    }

    private static let partialSumBytes = 64 << 20

    /// The largest divisor of a number that is at most `wanted`, or the next one where that is far less.
    private func divisor(of number: Int, near wanted: Int) -> Int {
      let below = (1...wanted).last { number % $0 == 0 } ?? 1
      return 2 * below >= min(wanted, 8) ? below : (wanted...number).first { number % $0 == 0 } ?? below
    }

    func description() throws -> thaw_dnnl_convolution {
      guard dtype == .float32 || dtype == .bfloat16, groups > 0, (1...3).contains(inputSize.count) else {
        throw unsupported
      }
      var convolution = thaw_dnnl_convolution()
      convolution.direction = direction.rawValue
      convolution.algorithm = Int32(usesWinograd ? THAW_DNNL_WINOGRAD : THAW_DNNL_DIRECT)
      convolution.packed = isWeightPacked ? 1 : 0
      convolution.x = try thaw_dnnl_tensor(operation, dtype, [batch, inputChannels] + inputSize, inputLayout)
      convolution.y = try thaw_dnnl_tensor(operation, dtype, [batch, outputChannels] + outputSize, outputLayout)
      let group = [outputChannels / groups, inputChannels / groups] + kernelSize
      convolution.w = try thaw_dnnl_tensor(operation, dtype, groups > 1 ? [groups] + group : group)
      if hasBias, direction == .forward {
        convolution.bias = try thaw_dnnl_tensor(operation, dtype, [outputChannels])
      }
      guard tails.count <= Int(THAW_DNNL_MAXIMUM_TAILS), tails.isEmpty || direction == .forward else {
        throw unsupported
      }
      convolution.tail_count = Int32(tails.count)
      withUnsafeMutableBytes(of: &convolution.tails) { bytes in
        let described = bytes.bindMemory(to: thaw_dnnl_tail.self)
        for (index, tail) in tails.enumerated() { described[index] = tail.description }
      }
      convolution.strides = spatial(strides)
      convolution.dilations = spatial(dilations)
      convolution.pads_begin = spatial(padsBegin)
      convolution.pads_end = spatial(padsEnd)
      return convolution
    }
  }

  extension ConvolutionTail {
    fileprivate var description: thaw_dnnl_tail {
      switch self {
      case .sum: thaw_dnnl_tail(function: Int32(THAW_DNNL_SUM), lower: 0, upper: 0)
      case .relu: thaw_dnnl_tail(function: Int32(THAW_DNNL_RELU), lower: 0, upper: 0)
      case .clip(let lower, let upper):
        thaw_dnnl_tail(function: Int32(THAW_DNNL_CLIP), lower: lower, upper: upper)
      case .hardSwish: thaw_dnnl_tail(function: Int32(THAW_DNNL_HARD_SWISH), lower: 0, upper: 0)
      case .sigmoid: thaw_dnnl_tail(function: Int32(THAW_DNNL_SIGMOID), lower: 0, upper: 0)
      case .tanh: thaw_dnnl_tail(function: Int32(THAW_DNNL_TANH), lower: 0, upper: 0)
      }
    }
  }
#endif
