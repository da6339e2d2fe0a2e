#if THAW_ONEDNN
  import COneDNN
#endif

/// A weight in the order in which the library's computation reads it. Operands: `[w, packed]`.
package struct WeightPackingRequest: KernelRequest {
  /// What reads the weight.
  package enum Reader: Hashable, Sendable {
    /// Forward or the gradient of the input.
    case convolution(ConvolutionRequest)
    /// Reads it as the right one of two matrices.
    case product(MatMulRequest)
  }

  private let reader: Reader

  package init(for convolution: ConvolutionRequest) {
    var packed = convolution
    packed.isWeightPacked = true
    reader = .convolution(packed)
  }

  package init(for product: MatMulRequest) {
    var packed = product
    packed.isRightPacked = true
    reader = .product(packed)
  }

  package func prepare(for backend: Backend) throws -> Kernel { try packing(for: backend).kernel }

  /// The bytes that the packed weight takes.
  package func outputByteCount(for backend: Backend = .automatic) throws -> Int { try packing(for: backend).byteCount }

  private func packing(for backend: Backend) throws -> (kernel: Kernel, byteCount: Int) {
    #if THAW_ONEDNN
      let isDeterministic = backend == .deterministic
      let threads = isDeterministic ? 1 : threadCount
      switch reader {
      case .convolution(let convolution):
        // What reads them is a part of the convolution then, and all parts are alike.
        let part = isDeterministic ? convolution.division?.parts.first?.request ?? convolution : convolution
        return try OneDNNPrimitive.kernelAndOutput(
          convolution.operation, part.description(), threads: threads, thaw_dnnl_create_convolution_packing)
      case .product(let product):
        return try OneDNNPrimitive.kernelAndOutput(
          product.operation, product.description(), threads: threads, thaw_dnnl_create_product_packing)
      }
    #else
      throw KernelError.unsupported(operation: kind, detail: "\(reader)")
    #endif
  }
}
