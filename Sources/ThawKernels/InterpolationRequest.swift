import CKernels
import ThawTypes

/// Weighted sums of elements along the middle axis of (outer, input, inner), giving (outer, output, inner).
///
/// Operands: `[x, places, weights, y]`; places are int64 in `0 ..< input`, weights float64, both (output, taps).
/// Backward x is dY and y is dX: what was read gets its share added.
package struct InterpolationRequest: KernelRequest {
  package var direction: PassDirection
  package var dtype: DType
  package var outer: Int
  package var input: Int
  package var output: Int
  package var inner: Int
  package var taps: Int

  package init(
    direction: PassDirection, dtype: DType, outer: Int, input: Int, output: Int, inner: Int, taps: Int
  ) {
    self.direction = direction
    self.dtype = dtype
    self.outer = outer
    self.input = input
    self.output = output
    self.inner = inner
    self.taps = taps
  }

  package func prepare(for backend: Backend) throws -> Kernel {
    guard backend != .oneDNN, dtype.isFloatingPoint else { throw unsupported }
    guard dtype.computeType == dtype else { return try prepareConverted(for: backend) }
    let isBackward = direction == .backward
    let interpolation = thaw_interpolation(
      dtype: dtype.rawValue, backward: isBackward ? 1 : 0, input: Int64(input), output: Int64(output),
      inner: Int64(inner), taps: Int64(taps))
    let count = isBackward ? outer : outer * output
    let grain = max(1, LoopNest.parallelThreshold / max(1, inner * taps * (isBackward ? output : 1)))
    return Kernel { operands, _ in
      parallel(count, grain: grain) { range in
        _ = withUnsafePointer(to: interpolation) {
          thaw_interpolate(
            $0, operands[1]?.assumingMemoryBound(to: Int64.self), operands[2]?.assumingMemoryBound(to: Double.self),
            operands[0], operands[3], Int64(range.lowerBound), Int64(range.upperBound))
        }
      }
    }
  }
}

extension InterpolationRequest: ConvertibleRequest {
  var operation: String { "interpolation" }

  var operandLayouts: [OperandLayout] {
    let (whole, part) = ([outer, input, inner], [outer, output, inner])
    return [
      OperandLayout(dtype: dtype, shape: direction == .backward ? part : whole),
      OperandLayout(dtype: .int64, shape: [output, taps]),
      OperandLayout(dtype: .float64, shape: [output, taps]),
      OperandLayout(dtype: dtype, shape: direction == .backward ? whole : part, role: .output),
    ]
  }

  func converted(to dtype: DType, strides: [[Int]]) -> InterpolationRequest {
    var request = self
    request.dtype = dtype
    return request
  }
}
