import CKernels

/// Elements moved from one arrangement into another. Operands: `[in, out]`.
package struct CopyRequest: KernelRequest {
  package var itemSize: Int
  package var shape: [Int]
  package var inputStrides: [Int]
  package var outputStrides: [Int]

  package init(itemSize: Int, shape: [Int], inputStrides: [Int], outputStrides: [Int]) {
    self.itemSize = itemSize
    self.shape = shape
    self.inputStrides = inputStrides
    self.outputStrides = outputStrides
  }

  package func prepare(for backend: Backend) throws -> Kernel {
    guard backend != .oneDNN, itemSize > 0, let row = Row(thaw_copy_row()) else {
      throw KernelError.unsupported(operation: "copy", detail: "items of \(itemSize) bytes")
    }
    let nest = try LoopNest(
      operation: "copy", shape: shape, strides: [inputStrides, outputStrides], itemSizes: [itemSize, itemSize])
    if let transposition = Transposition(nest, itemSize: itemSize) {
      return Kernel { operands, _ in transposition.run(operands) }
    }
    let size = Int64(itemSize)
    return Kernel { operands, _ in
      withUnsafePointer(to: size) { nest.run(row, operands, context: $0) }
    }
  }
}
