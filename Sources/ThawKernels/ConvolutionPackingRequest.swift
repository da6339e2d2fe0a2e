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

  package func prepare(for backend: Backend) throws -> Kernel { try packing(for: backend).kernel }

  /// The bytes that the packed weights take.
  package func outputByteCount(for backend: Backend = .automatic) throws -> Int { try packing(for: backend).byteCount }

  private func packing(for backend: Backend) throws -> (kernel: Kernel, byteCount: Int) {
    #if THAW_ONEDNN
      // What reads them is a part of the convolution then, and all parts are alike.
      let isDeterministic = backend == .deterministic
      let reader = isDeterministic ? convolution.division?.parts.first?.request ?? convolution : convolution
      return try OneDNNPrimitive.kernelAndOutput(
        convolution.operation, reader.description(), threads: isDeterministic ? 1 : threadCount,
        thaw_dnnl_create_packing)
    #else
      throw convolution.unsupported
    #endif
  }
}
