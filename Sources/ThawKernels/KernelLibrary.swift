#if THAW_ONEDNN
  import COneDNN
#endif

/// Who computes beside Thaw's own loops, and in which version: "oneDNN 2.6.3", or "portable kernels".
package var kernelLibrary: String {
  #if THAW_ONEDNN
    let version = thaw_dnnl_version()
    return "oneDNN \(version / 10000).\(version / 100 % 100).\(version % 100)"
  #else
    return "portable kernels"
  #endif
}

/// What oneDNN computes with on this processor, as "AVX-512 with VNNI"; nil without it.
package var instructionSet: String? {
  #if THAW_ONEDNN
    let name = String(cString: thaw_dnnl_instruction_set())
    return name.isEmpty ? nil : name
  #else
    return nil
  #endif
}
