import CKernels
import ThawTypes

/// What a pooling window becomes.
package enum PoolingFunction: Hashable, Sendable {
  case maximum
  case average(countsPadding: Bool)
}

/// Pooling over 1 to 3 spatial axes, or its gradient.
///
/// Operands: maximum forward `[x, y, indices?]`, backward `[dy, indices, dx]`; average forward `[x, y]`, backward
/// `[dy, dx]`; nil for no indices. The indices are int64 and flat over the whole of x, as ONNX says; `columnMajorIndices` flattens the
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
  /// Of x and y. In blocks, a maximum's indices are bytes: which tap of its window each output took, 255 for none.
  package var layout = ChannelLayout.plain

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
    if case .blocked(let block) = layout { return try blockedKernel(block, backend) }
    return try prepare(for: backend, portable: portableKernel)
  }

  private func windows() throws -> thaw_windows {
    try thaw_windows(
      operation: operation, input: inputSize, kernel: kernelSize, output: outputSize, strides: strides,
      dilations: dilations, padsBegin: padsBegin, padsEnd: padsEnd)
  }

  private func blockedKernel(_ block: Int, _ backend: Backend) throws -> Kernel {
    guard case .maximum = function else {
      #if THAW_ONEDNN
        return try oneDNNKernel(for: backend)
      #else
        throw unsupported
      #endif
    }
    guard dtype == .float32, channels % block == 0, kernelSize.reduce(1, *) <= 255, block == 8 || block == 16 else {
      throw unsupported
    }
    let windows = try windows()
    return Kernel(implementation: "portable, \(block) channels at a time") { [self] operands, _ in
      parallel(batch * channels / block, grain: 1) { range in
        let (begin, end) = (Int64(range.lowerBound), Int64(range.upperBound))
        withUnsafePointer(to: windows) { windows in
          func floats(_ index: Int) -> UnsafeMutablePointer<Float>? {
            operands[index]?.assumingMemoryBound(to: Float.self)
          }
          func bytes(_ index: Int) -> UnsafeMutablePointer<UInt8>? {
            operands[index]?.assumingMemoryBound(to: UInt8.self)
          }
          switch direction {
          case .forward:
            _ = thaw_maximum_pool_blocked(
              windows, Int32(block), begin, end, floats(0), floats(1), hasIndices ? bytes(2) : nil)
          case .backward:
            _ = thaw_maximum_pool_gradient_blocked(windows, Int32(block), begin, end, floats(0), bytes(1), floats(2))
          }
        }
      }
    }
  }

  private func portableKernel() throws -> Kernel {
    let windows = try windows()
    let grain = max(1, Self.parallelThreshold / max(1, (outputSize + kernelSize).reduce(1, *)))
    let byColumns: Int32 = columnMajorIndices ? 1 : 0
    return Kernel { [self] operands, _ in
      parallel(batch * channels, grain: grain) { range in
        let (begin, end) = (Int64(range.lowerBound), Int64(range.upperBound))
        withUnsafePointer(to: windows) { windows in
          switch (function, direction) {
          case (.maximum, .forward):
            let indices = hasIndices ? operands[2]?.assumingMemoryBound(to: Int64.self) : nil
            _ = thaw_maximum_pool(windows, dtype.rawValue, byColumns, begin, end, operands[0], operands[1], indices)
          case (.maximum, .backward):
            _ = thaw_maximum_pool_gradient(
              windows, dtype.rawValue, byColumns, begin, end, operands[0],
              operands[1]?.assumingMemoryBound(to: Int64.self), operands[2])
          case (.average(let countsPadding), _):
            _ = thaw_average_pool(
              windows, dtype.rawValue, countsPadding ? 1 : 0, direction == .backward ? 1 : 0, begin, end, operands[0],
              operands[1])
          }
        }
      }
    }
  }

  /// Elements, times those of a window, that are worth a thread.
  private static let parallelThreshold = 32768
}

extension PoolingRequest: ConvertibleRequest {
  var operation: String { "pooling (\(function), \(direction))" }

  var operandLayouts: [OperandLayout] {
    let x = [batch, channels] + inputSize
    let y = [batch, channels] + outputSize
    return switch (function, direction) {
    case (.maximum, .forward):
      [
        OperandLayout(dtype: dtype, shape: x), OperandLayout(dtype: dtype, shape: y, role: .output),
        OperandLayout(dtype: .int64, shape: y, role: .output),
      ]
    case (.maximum, .backward):
      [
        OperandLayout(dtype: dtype, shape: y), OperandLayout(dtype: .int64, shape: y),
        OperandLayout(dtype: dtype, shape: x, role: .output),
      ]
    case (.average, .forward):
      [OperandLayout(dtype: dtype, shape: x), OperandLayout(dtype: dtype, shape: y, role: .output)]
    case (.average, .backward):
      [OperandLayout(dtype: dtype, shape: y), OperandLayout(dtype: dtype, shape: x, role: .output)]
    }
  }

  func converted(to dtype: DType, strides: [[Int]]) -> PoolingRequest {
    var request = self
    request.dtype = dtype
    return request
  }
}
