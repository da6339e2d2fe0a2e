#if THAW_ONEDNN
  import COneDNN
  import ThawTypes

  extension BatchNormalizationRequest: OneDNNRequest {
    // Where measured it is no faster than Thaw's loops on planes that are not blocked.
    var paysOnOneDNN: Bool { false }

    func oneDNNKernel() throws -> Kernel {
      guard dtype == .float32 else { throw unsupported }
      var normalization = thaw_dnnl_batch_normalization()
      normalization.mode = mode.rawValue
      normalization.x = try thaw_dnnl_tensor(operation, dtype, [batch, channels, spatial, 1], layout)
      normalization.epsilon = Float(epsilon)
      return try OneDNNPrimitive.kernel(operation, normalization, thaw_dnnl_create_batch_normalization)
    }
  }
#endif
