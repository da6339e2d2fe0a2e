#if THAW_ONEDNN
  import COneDNN
  import ThawTypes

  extension PoolingRequest: OneDNNRequest {
    /// Outputs times window from which on a primitive's call is worth its overhead.
    private static let threshold = 1 << 12

    // The library's maximum does not hand NaN on.
    var paysOnOneDNN: Bool {
      function != .maximum && (outputSize + kernelSize).reduce(batch * channels, *) >= Self.threshold
    }

    func oneDNNKernel(threads: Int) throws -> Kernel {
      guard dtype == .float32, (1...3).contains(inputSize.count) else { throw unsupported }
      var pooling = thaw_dnnl_pooling()
      switch function {
      case .maximum:
        // The library keeps places in a format of its own.
        guard !hasIndices, direction == .forward else { throw unsupported }
        pooling.function = Int32(THAW_DNNL_MAXIMUM)
      case .average(let countsPadding):
        pooling.function = Int32(countsPadding ? THAW_DNNL_AVERAGE_WITH_PADDING : THAW_DNNL_AVERAGE)
      }
      pooling.backward = direction == .backward ? 1 : 0
      pooling.x = try thaw_dnnl_tensor(operation, dtype, [batch, channels] + inputSize, layout)
      pooling.y = try thaw_dnnl_tensor(operation, dtype, [batch, channels] + outputSize, layout)
      pooling.kernel = spatial(kernelSize)
      pooling.strides = spatial(strides)
      pooling.dilations = spatial(dilations)
      pooling.pads_begin = spatial(padsBegin)
      pooling.pads_end = spatial(try libraryPads())
      return try OneDNNPrimitive.kernel(operation, pooling, threads: threads, thaw_dnnl_create_pooling)
    }

    /// By images.
    var division: Division<PoolingRequest>? {
      let (x, y) = (
        inputSize.reduce(channels, *) * dtype.itemSize, outputSize.reduce(channels, *) * dtype.itemSize
      )
      let work = (outputSize + kernelSize).reduce(Double(batch * channels)) { $0 * Double($1) }
      let count = min(batch, Division<Self>.count(for: 16 * work))
      let size = count > 1 ? (batch - 1) / count + 1 : 0
      return Division(length: batch, size: size, steps: direction == .forward ? [x, y, 0] : [y, x]) {
        var part = self
        part.batch = $0
        return part
      }
    }

    /// The library wants the padding at the end that its outputs use, and divides by the whole window even where that
    /// reaches past the padding.
    private func libraryPads() throws -> [Int] {
      try inputSize.indices.map { axis in
        let window = (kernelSize[axis] - 1) * dilations[axis] + 1
        let used = (outputSize[axis] - 1) * strides[axis] + window - inputSize[axis] - padsBegin[axis]
        guard padsBegin[axis] < window, used < window,
          used <= padsEnd[axis] || function != .average(countsPadding: true)
        else { throw unsupported }
        return max(0, used)
      }
    }
  }
#endif
