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
    throw KernelError.unsupported(operation: "copy", detail: "items of \(itemSize) bytes")
  }
}
