#if THAW_ONEDNN
  import COneDNN
  import ThawTypes

  extension LayerNormalizationRequest: OneDNNRequest {
    // Where measured it gains little over Thaw's loops, whose sums are float64's.
    var paysOnOneDNN: Bool { false }

    var division: Division<LayerNormalizationRequest>? { nil }

    func oneDNNKernel(threads: Int) throws -> Kernel {
      guard dtype == .float32 else { throw unsupported }
      var normalization = thaw_dnnl_layer_normalization()
      normalization.backward = direction == .backward ? 1 : 0
      normalization.has_bias = hasBias ? 1 : 0
      normalization.x = try thaw_dnnl_tensor(operation, dtype, [rows, columns])
      normalization.epsilon = Float(epsilon)
      return try OneDNNPrimitive.kernel(
        operation, normalization, threads: threads, thaw_dnnl_create_layer_normalization)
    }
  }
#endif
