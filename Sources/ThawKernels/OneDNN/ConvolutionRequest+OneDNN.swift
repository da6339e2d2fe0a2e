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
      guard dtype == .float32 || dtype == .bfloat16, groups > 0, (1...3).contains(inputSize.count) else {
        throw unsupported
      }
      var convolution = thaw_dnnl_convolution()
      convolution.direction = direction.rawValue
      // Direct, because its results do not depend on the shape of the rest of the network.
      convolution.algorithm = Int32(THAW_DNNL_DIRECT)
      convolution.x = try thaw_dnnl_tensor(operation, dtype, [batch, inputChannels] + inputSize)
      convolution.y = try thaw_dnnl_tensor(operation, dtype, [batch, outputChannels] + outputSize)
      let group = [outputChannels / groups, inputChannels / groups] + kernelSize
      convolution.w = try thaw_dnnl_tensor(operation, dtype, groups > 1 ? [groups] + group : group)
      if hasBias, direction == .forward {
        convolution.bias = try thaw_dnnl_tensor(operation, dtype, [outputChannels])
      }
      convolution.strides = spatial(strides)
      convolution.dilations = spatial(dilations)
      convolution.pads_begin = spatial(padsBegin)
      convolution.pads_end = spatial(padsEnd)
      return try OneDNNPrimitive.kernel(operation, convolution, thaw_dnnl_create_convolution)
    }
  }
#endif
