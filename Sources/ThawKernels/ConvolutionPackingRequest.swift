#if THAW_ONEDNN
  import COneDNN
#endif

/// The weights of a convolution in the order in which the library reads them. Operands: `[w, packed]`.
package struct ConvolutionPackingRequest: KernelRequest {
  /// Forward or the gradient of the input.
  package var convolution: ConvolutionRequest

  package init(_ convolution: ConvolutionRequest) {
    self.convolution = convolution
    self.convolution.isWeightPacked = true
  }

  package func prepare(for backend: Backend) throws -> Kernel { try packing().kernel }

  /// The bytes that the packed weights take.
  package func outputByteCount() throws -> Int { try packing().byteCount }

  private func packing() throws -> (kernel: Kernel, byteCount: Int) {
    #if THAW_ONEDNN
      return try OneDNNPrimitive.kernelAndOutput(
        convolution.operation, convolution.description(), thaw_dnnl_create_packing)
    #else
      throw convolution.unsupported
    #endif
  }
}
