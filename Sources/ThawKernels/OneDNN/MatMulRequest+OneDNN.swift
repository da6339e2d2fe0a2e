#if THAW_ONEDNN
  import COneDNN
  import ThawTypes

  extension MatMulRequest: OneDNNRequest {
    /// Multiplications from which on a primitive's call is worth its overhead.
    private static let threshold = 1 << 16

    var paysOnOneDNN: Bool {
      (batch + [m, n, k]).reduce(1, { $0.multipliedReportingOverflow(by: $1).partialValue }) >= Self.threshold
    }

    func oneDNNKernel(threads: Int) throws -> Kernel {
      try OneDNNPrimitive.kernel(operation, description(), threads: threads, thaw_dnnl_create_product)
    }

    func description() throws -> thaw_dnnl_product {
      guard dtype == .float32 || dtype == .bfloat16 || dtype == .float16 else { throw unsupported }
      let request = joiningRows()
      let shape = request.batch + [request.m, request.n]
      let hasBias = biasStrides != nil && beta != 0
      // The primitive scales the sum of product and bias.
      guard !hasBias || alpha == beta else { throw unsupported }
      var product = thaw_dnnl_product()
      product.scale = Float(alpha)
      product.left = try tensor(request.batch + [request.m, request.k], request.leftStrides)
      product.right = try tensor(request.batch + [request.k, request.n], request.rightStrides)
      if hasAddend { product.addend = try thaw_dnnl_tensor(operation, dtype, shape) }
      switch activation {
      case nil: product.activation = Int32(THAW_DNNL_NO_ACTIVATION)
      case .relu: product.activation = Int32(THAW_DNNL_PRODUCT_RELU)
      case .gelu: product.activation = Int32(THAW_DNNL_GELU)
      case .geluTanh: product.activation = Int32(THAW_DNNL_GELU_TANH)
      default: throw unsupported
      }
      product.out = try request.outStrides.map { try tensor(shape, $0) } ?? thaw_dnnl_tensor(operation, dtype, shape)
      if hasBias, let strides = request.biasStrides {
        let axes = Array(repeating: 0, count: request.batch.count)
        product.bias = try tensor(shape, axes + strides)
      }
      product.packed = isRightPacked ? 1 : 0
      return product
    }

    /// By items of the batch where there are many, else by rows or columns.
    var division: Division<MatMulRequest>? {
      let request = joiningRows()
      let wanted = Division<Self>.count(for: arithmetic)
      let (row, column) = (request.batch.count, request.batch.count + 1)
      let lengths = request.batch + [request.m, request.n]
      guard wanted > 1, lengths.allSatisfy({ $0 > 0 }) else { return nil }
      // A tensor that is added is contiguous, and so must be what a part gets of it.
      let canCutRows = !hasAddend || row == 0
      var (axis, unit) = (0, 1)
      if row == 0 || (lengths[0] < wanted && canCutRows) {
        let longest = request.n > request.m && !hasAddend ? column : row
        if row == 0 || lengths[0] < lengths[longest] / Self.partUnit { (axis, unit) = (longest, Self.partUnit) }
      }
      let length = lengths[axis]
      let size = ((length - 1) / wanted / unit + 1) * unit
      let outStrides = request.outStrides ?? contiguousStrides(lengths)
      var steps = [0, 0, 0, outStrides[axis]]
      if axis != column { steps[0] = request.leftStrides[axis] }
      if axis != row { steps[1] = request.rightStrides[axis] }
      if axis >= row { steps[2] = request.biasStrides?[axis - row] ?? 0 }
      if hasAddend { steps.insert(steps[3], at: 3) }
      return Division(length: length, size: size, steps: steps.map { $0 * dtype.itemSize }) {
        var part = request
        switch axis {
        case row: part.m = $0
        case column: part.n = $0
        default: part.batch[axis] = $0
        }
        // Parts of an outermost axis are contiguous by themselves.
        if axis > 0 { part.outStrides = outStrides }
        return part
      }
    }

    /// Rows and columns are computed fastest by so many.
    private static let partUnit = 16

    /// Broadcast axes have size 1 in the library, and so no stride of their own.
    private func tensor(_ shape: [Int], _ strides: [Int]) throws -> thaw_dnnl_tensor {
      let held = zip(shape, strides).map { $1 == 0 ? 1 : $0 }
      let extent = zip(held, strides).map { $0 * $1 }.max() ?? 1
      return try thaw_dnnl_tensor(
        operation, dtype, held, strides: zip(held, strides).map { $0 == 1 && $1 <= 0 ? max(1, extent) : $1 })
    }
  }
#endif
