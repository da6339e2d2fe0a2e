import ThawTypes

/// How many elements become one, with the number by which the C loops know it.
package enum ReductionFunction: Int32, Hashable, Sendable, CaseIterable {
  case sum, mean, product
  /// NaN if any element is.
  case maximum, minimum
  case sumOfSquares, l1, l2, logSum, logSumExp
  /// Where the extreme is along the one axis, as int64; NaN counts as the extreme.
  case argMaximum, argMinimum
  /// To bool.
  case all, any
}

/// The elements along some axes taken together. Operands: `[in, out]`.
///
/// The output is contiguous over the kept axes, in order. Without elements a sum is 0, a product 1, a mean NaN (0 in
/// whole numbers), an extreme the type's opposite extreme. Results do not depend on the number of threads.
package struct ReductionRequest: KernelRequest {
  package var function: ReductionFunction
  package var dtype: DType
  package var shape: [Int]
  package var strides: [Int]
  /// Ascending.
  package var axes: [Int]
  /// Which of equal extremes `argMaximum` and `argMinimum` tell: the last, or the first.
  package var selectLast: Bool

  package init(
    function: ReductionFunction, dtype: DType, shape: [Int], strides: [Int], axes: [Int], selectLast: Bool = false
  ) {
    self.function = function
    self.dtype = dtype
    self.shape = shape
    self.strides = strides
    self.axes = axes
    self.selectLast = selectLast
  }

  package func prepare(for backend: Backend) throws -> Kernel {
    guard backend != .oneDNN else { throw unsupported }
    guard computeType == dtype else {
      return try extremeOfNothing.map(filling) ?? prepareConverted(for: backend)
    }
    return try Reduction(self).kernel()
  }
}

extension ReductionRequest {
  /// The extreme of no elements in a signed type that another one computes for, whose own extreme is none of its bits.
  private var extremeOfNothing: Int16? {
    guard [.int2, .int4, .int8, .int16].contains(dtype), axes.contains(where: { shape[$0] == 0 }) else { return nil }
    let greatest = Int16((1 << (dtype.bitWidth - 1)) - 1)
    return switch function {
    case .maximum: -greatest - 1
    case .minimum: greatest
    default: nil
    }
  }

  private func filling(with number: Int16) -> Kernel {
    let count = operandLayouts[1].shape.reduce(1, *)
    let isNarrow = dtype.itemSize == 1
    return Kernel { operands, _ in
      guard let output = operands[1] else { return }
      if isNarrow {
        output.bindMemory(to: Int8.self, capacity: count).update(
          repeating: Int8(truncatingIfNeeded: number), count: count)
      } else {
        output.bindMemory(to: Int16.self, capacity: count).update(repeating: number, count: count)
      }
    }
  }
}

extension ReductionRequest: ConvertibleRequest {
  var operation: String { "\(function)" }

  var operandLayouts: [OperandLayout] {
    let kept = shape.indices.filter { !axes.contains($0) }.map { shape[$0] }
    let output: DType =
      switch function {
      case .argMaximum, .argMinimum: .int64
      case .all, .any: .bool
      default: dtype
      }
    return [
      OperandLayout(dtype: dtype, shape: shape, strides: strides),
      OperandLayout(dtype: output, shape: kept, role: .output),
    ]
  }

  var computeType: DType? {
    guard let compute = dtype.computeType else { return nil }
    return switch function {
    case .all, .any: .bool
    case .maximum, .minimum: dtype == .bool ? .bool : compute
    case .l2, .logSum, .logSumExp: compute.isFloatingPoint ? compute : .float64
    default: compute
    }
  }

  func converted(to dtype: DType, strides: [[Int]]) -> ReductionRequest {
    var request = self
    request.dtype = dtype
    request.strides = strides[0]
    return request
  }
}
