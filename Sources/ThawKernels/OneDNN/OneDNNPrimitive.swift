#if THAW_ONEDNN
  import CKernels
  import COneDNN
  import ThawTypes

  /// A primitive of oneDNN, made for its shapes.
  final class OneDNNPrimitive: @unchecked Sendable {
    // `@unchecked`: the C object never changes once it is made; what a run needs, it makes or gets as scratch.
    private let primitive: OpaquePointer

    private init(_ primitive: OpaquePointer) { self.primitive = primitive }

    deinit { thaw_dnnl_destroy(primitive) }

    typealias Create<Description> = (UnsafePointer<Description>, Int32, UnsafeMutablePointer<thaw_dnnl_status>) ->
      OpaquePointer?

    /// The kernel of the primitive that `create` makes of `description`, for a number of threads.
    static func kernel<Description>(
      _ operation: String, _ description: Description, threads: Int, _ create: Create<Description>
    ) throws -> Kernel {
      try kernelAndOutput(operation, description, threads: threads, create).kernel
    }

    /// The same, with the bytes of its output where the primitive decides on them.
    static func kernelAndOutput<Description>(
      _ operation: String, _ description: Description, threads: Int, _ create: Create<Description>
    ) throws -> (kernel: Kernel, byteCount: Int) {
      var status = thaw_dnnl_status()
      let made = withUnsafePointer(to: description) { create($0, Int32(threads), &status) }
      guard let made else {
        throw KernelError.unsupported(operation: operation, detail: "what oneDNN calls: \(message(of: status))")
      }
      let primitive = OneDNNPrimitive(made)
      let kernel = Kernel(
        implementation: "oneDNN " + String(cString: thaw_dnnl_implementation(made)),
        scratchByteCount: Int(thaw_dnnl_scratch_size(made))
      ) { operands, scratch in
        var status = thaw_dnnl_status()
        let taken = thaw_take_threads(Int32(threads))
        thaw_dnnl_execute(primitive.primitive, operands, scratch, &status)
        thaw_give_threads_back(taken)
        if status.failed != 0 { throw KernelError.failed(operation: operation, detail: message(of: status)) }
      }
      return (kernel, Int(thaw_dnnl_output_size(made)))
    }

    private static func message(of status: thaw_dnnl_status) -> String {
      withUnsafeBytes(of: status.message) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }
  }

  extension thaw_dnnl_tensor {
    /// - Parameter strides: nil when contiguous.
    /// - Throws: `KernelError.unsupported` for what the library cannot describe: no elements, too many axes, or strides
    ///   that are not positive.
    init(_ operation: String, _ dtype: DType, _ shape: [Int], strides: [Int]? = nil) throws {
      let strides = strides ?? contiguousStrides(shape)
      guard shape.count <= Int(THAW_DNNL_MAXIMUM_RANK), shape.allSatisfy({ $0 > 0 }), strides.allSatisfy({ $0 > 0 })
      else { throw KernelError.unsupported(operation: operation, detail: "shape \(shape) by strides \(strides)") }
      self.init()
      self.dtype = dtype.rawValue
      rank = Int32(shape.count)
      withUnsafeMutableBytes(of: &dims) { bytes in
        for (axis, length) in shape.enumerated() {
          bytes.storeBytes(of: Int64(length), toByteOffset: axis * 8, as: Int64.self)
        }
      }
      withUnsafeMutableBytes(of: &self.strides) { bytes in
        for (axis, stride) in strides.enumerated() {
          bytes.storeBytes(of: Int64(stride), toByteOffset: axis * 8, as: Int64.self)
        }
      }
    }
  }

  extension thaw_dnnl_tensor {
    /// A row-major image, or one with its channels in blocks.
    init(_ operation: String, _ dtype: DType, _ shape: [Int], _ layout: ChannelLayout) throws {
      try self.init(operation, dtype, shape)
      if case .blocked(let block) = layout { self.block = Int32(block) }
    }
  }

  /// Up to three numbers, one for each spatial axis.
  func spatial(_ values: [Int]) -> (Int64, Int64, Int64) {
    let all = values.map(Int64.init) + [0, 0, 0]
    return (all[0], all[1], all[2])
  }
#endif
