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

    func oneDNNKernel() throws -> Kernel {
      try OneDNNPrimitive.kernel(operation, description(), thaw_dnnl_create_convolution)
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
