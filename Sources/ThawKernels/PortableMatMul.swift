import CKernels
import ThawTypes

/// Products of matrices by CKernels: a large one on all threads, small ones of a batch each on one.
struct PortableMatMul: Sendable {
  /// Multiplications below which a product is not worth several threads.
  private static let parallelThreshold = 1 << 20

  private let request: MatMulRequest
  private let product: thaw_product
  private let items: Int
  private let sharesItems: Bool
  private let threads: Int

  init(_ request: MatMulRequest) {
    self.request = request
    let axes = request.batch.count
    product = thaw_product(
      dtype: request.dtype.rawValue, accumulates: 0, m: Int64(request.m), n: Int64(request.n), k: Int64(request.k),
      left_row: Int64(request.leftStrides[axes]), left_column: Int64(request.leftStrides[axes + 1]),
      right_row: Int64(request.rightStrides[axes]), right_column: Int64(request.rightStrides[axes + 1]),
      bias_row: Int64(request.biasStrides?[0] ?? 0), bias_column: Int64(request.biasStrides?[1] ?? 0),
      out_stride: Int64(request.outStrides?[axes] ?? request.n), alpha: request.alpha, beta: request.beta)
    items = request.batch.reduce(1, *)
    threads = threadCount
    sharesItems = items >= threads
  }

  func kernel() -> Kernel {
    let itemScratch = (Int(withUnsafePointer(to: product) { thaw_multiply_scratch($0) }) + 63) & ~63
    let slots = sharesItems ? min(items, threads) : 1
    return Kernel(scratchByteCount: slots * itemScratch) { operands, scratch in
      guard request.m > 0, request.n > 0 else { return }
      let work = request.m * request.n * request.k
      parallel(slots, grain: items * work < Self.parallelThreshold ? slots : 1) { range in
        for slot in range {
          for item in stride(from: slot, to: items, by: slots) {
            multiply(
              item, operands, scratch.map { $0 + slot * itemScratch },
              threads: slots > 1 || work < Self.parallelThreshold ? 1 : threads)
          }
        }
      }
    }
  }

  private func multiply(_ item: Int, _ operands: Operands, _ scratch: UnsafeMutableRawPointer?, threads: Int) {
    var (left, right, out, rest) = (0, 0, request.outStrides == nil ? item * request.m * request.n : 0, item)
    for axis in request.batch.indices.reversed() {
      left += rest % request.batch[axis] * request.leftStrides[axis]
      right += rest % request.batch[axis] * request.rightStrides[axis]
      if let strides = request.outStrides { out += rest % request.batch[axis] * strides[axis] }
      rest /= request.batch[axis]
    }
    let size = request.dtype.itemSize
    guard let output = operands[3] else { return }
    _ = withUnsafePointer(to: product) {
      thaw_multiply(
        $0, operands[0].map { $0 + left * size }, operands[1].map { $0 + right * size },
        request.biasStrides == nil ? nil : operands[2],
        output + out * size, scratch, Int32(threads))
    }
  }
}
