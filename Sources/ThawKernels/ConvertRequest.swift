import CKernels
import ThawTypes

/// The same numbers in another type, as ONNX's Cast has it (version 25). Operands: `[in, out]`.
///
/// Floating point to whole numbers truncates, and NaN gives 0. What does not fit: 32 and 64 bits take the nearest number
/// they have, narrower ones the low bits. To bool everything but 0 is true.
package struct ConvertRequest: KernelRequest {
  package var from: DType
  package var to: DType
  package var shape: [Int]
  package var strides: [Int]
  /// To float8: whether what is too large becomes the largest number, rather than infinity or NaN.
  package var saturate: Bool

  package init(from: DType, to: DType, shape: [Int], strides: [Int], saturate: Bool) {
    self.from = from
    self.to = to
    self.shape = shape
    self.strides = strides
    self.saturate = saturate
  }

  package func prepare(for backend: Backend) throws -> Kernel {
    guard backend != .oneDNN, thaw_convertible(from.rawValue) != 0, thaw_convertible(to.rawValue) != 0,
      let row = Row(thaw_convert_row)
    else { throw KernelError.unsupported(operation: "conversion", detail: "\(from) to \(to)") }
    if from == to {
      return try CopyRequest(
        itemSize: from.itemSize, shape: shape, inputStrides: strides, outputStrides: contiguousStrides(shape)
      ).prepare(for: backend)
    }
    let nest = try LoopNest(
      operation: "conversion", shape: shape, strides: [strides, contiguousStrides(shape)],
      itemSizes: [from.itemSize, to.itemSize])
    let conversion = thaw_conversion(from: from.rawValue, to: to.rawValue, saturate: saturate ? 1 : 0)
    return Kernel { operands, _ in
      withUnsafePointer(to: conversion) { nest.run(row, operands, context: $0) }
    }
  }
}
