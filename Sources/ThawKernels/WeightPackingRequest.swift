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

  package func prepare(for backend: Backend) throws -> Kernel { try packing().kernel }

  /// The bytes that the packed weight takes.
  package func outputByteCount() throws -> Int { try packing().byteCount }

  private func packing() throws -> (kernel: Kernel, byteCount: Int) {
    #if THAW_ONEDNN
      return switch reader {
      case .convolution(let convolution):
        try OneDNNPrimitive.kernelAndOutput(
          convolution.operation, convolution.description(), thaw_dnnl_create_convolution_packing)
      case .product(let product):
        try OneDNNPrimitive.kernelAndOutput(
          product.operation, product.description(), thaw_dnnl_create_product_packing)
      }
    #else
      throw KernelError.unsupported(operation: kind, detail: "\(reader)")
    #endif
  }
}
