import ThawTypes

/// What a pooling window becomes.
package enum PoolingFunction: Hashable, Sendable {
  case maximum
  case average(countsPadding: Bool)
}

/// Pooling over 1 to 3 spatial axes, or its gradient.
///
/// Operands: maximum forward `[x, y, indices?]`, backward `[dy, indices, dx]`; average forward `[x, y]`, backward
/// `[dy, dx]`. The indices are int64 and flat over the whole of x, as ONNX says; `columnMajorIndices` flattens the
/// spatial axes with the first one fastest. `outputSize` may reach past the padded input (ceil_mode): windows are
/// clipped, and positions past the padding are never counted in an average.
package struct PoolingRequest: KernelRequest {
  package var function: PoolingFunction
  package var direction: PassDirection
  package var dtype: DType
  package var batch: Int
  package var channels: Int
  package var inputSize: [Int]
  package var kernelSize: [Int]
  package var outputSize: [Int]
  package var strides: [Int]
  /// 1 where the window's elements are neighbours.
  package var dilations: [Int]
  package var padsBegin: [Int]
  package var padsEnd: [Int]
  package var columnMajorIndices: Bool
  package var hasIndices: Bool

  package init(
    function: PoolingFunction, direction: PassDirection, dtype: DType, batch: Int, channels: Int, inputSize: [Int],
    kernelSize: [Int], outputSize: [Int], strides: [Int], dilations: [Int], padsBegin: [Int], padsEnd: [Int],
    columnMajorIndices: Bool = false, hasIndices: Bool
  ) {
    self.function = function
    self.direction = direction
    self.dtype = dtype
    self.batch = batch
    self.channels = channels
    self.inputSize = inputSize
    self.kernelSize = kernelSize
    self.outputSize = outputSize
    self.strides = strides
    self.dilations = dilations
    self.padsBegin = padsBegin
    self.padsEnd = padsEnd
    self.columnMajorIndices = columnMajorIndices
    self.hasIndices = hasIndices
  }

  package func prepare(for backend: Backend) throws -> Kernel {
    throw KernelError.unsupported(operation: "pooling", detail: "\(dtype)")
  }
}
