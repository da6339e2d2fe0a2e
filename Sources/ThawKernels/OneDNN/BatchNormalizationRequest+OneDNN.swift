#if THAW_ONEDNN
  import COneDNN
  import ThawTypes

  extension BatchNormalizationRequest: OneDNNRequest {
    // Where measured it is no faster than Thaw's loops on planes that are not blocked.
    var paysOnOneDNN: Bool { false }

    /// By images, where statistics are given.
    var division: Division<BatchNormalizationRequest>? {
      guard mode == .inference || mode == .backwardInference else { return nil }
      let image = channels * spatial * dtype.itemSize
      let count = min(batch, Division<Self>.count(for: 32 * Double(batch) * Double(channels * spatial)))
      let size = count > 1 ? (batch - 1) / count + 1 : 0
      let steps = mode == .inference ? [image, 0, 0, 0, 0, image] : [image, image, 0, 0, 0, image, 0, 0]
      var division = Division(length: batch, size: size, steps: steps) {
        var part = self
        part.batch = $0
        return part
      }
      if mode == .backwardInference { division?.sums = [(6, channels), (7, channels)] }
      return division
    }

    func oneDNNKernel(threads: Int) throws -> Kernel {
      guard dtype == .float32 else { throw unsupported }
      var normalization = thaw_dnnl_batch_normalization()
      normalization.mode = mode.rawValue
      normalization.x = try thaw_dnnl_tensor(operation, dtype, [batch, channels, spatial, 1], layout)
      normalization.epsilon = Float(epsilon)
      return try OneDNNPrimitive.kernel(
        operation, normalization, threads: threads, thaw_dnnl_create_batch_normalization)
    }
  }
#endif
