#if THAW_ONEDNN
  import COneDNN
  import ThawTypes

  extension SoftmaxRequest: OneDNNRequest {
    // Where measured it gains little over Thaw's loops, whose results are closer.
    var paysOnOneDNN: Bool { false }

    var division: Division<SoftmaxRequest>? { nil }

    func oneDNNKernel(threads: Int) throws -> Kernel {
      guard dtype == .float32 else { throw unsupported }
      var softmax = thaw_dnnl_softmax()
      softmax.is_log = isLog ? 1 : 0
      softmax.backward = direction == .backward ? 1 : 0
      softmax.x = try thaw_dnnl_tensor(operation, dtype, [outer, length, inner])
      return try OneDNNPrimitive.kernel(operation, softmax, threads: threads, thaw_dnnl_create_softmax)
    }
  }
#endif
