import CKernels
import ThawTypes

/// Elementwise functions over many tensors at once, in one parallel region: what an optimizer does to its parameters.
package struct FusedLoop: Sendable {
  /// The operands of one tensor.
  package struct Item {
    package var count: Int
    /// Inputs, then outputs.
    package var operands: Operands
    /// Of each operand, whether it is one number for all elements; otherwise it is contiguous.
    package var isScalar: [Bool]

    package init(count: Int, operands: Operands, isScalar: [Bool]) {
      self.count = count
      self.operands = operands
      self.isScalar = isScalar
    }
  }

  private let table: FusedTable
  private let types: [DType]

  /// - Parameters:
  ///   - types: those of the operands.
  ///   - steps: none to look at the operands only.
  /// - Throws: `KernelError.unsupported` where a type has no loop, or there are too many operands.
  package init(types: [DType], steps: [FusedRequest.Step]) throws {
    let temporaries = (steps.map(\.output).max() ?? 0) + 1 - types.count
    guard types.count <= FusedRequest.maximumOperands, temporaries <= FusedRequest.maximumTemporaries else {
      throw KernelError.unsupported(operation: "fused functions", detail: "\(types.count) operands")
    }
    table = try FusedTable(steps, operandCount: types.count)
    self.types = types
  }

  /// Computes the outputs.
  ///
  /// - Parameter checked: an operand of float32 or float64 whose numbers are looked at when they are made.
  /// - Returns: for each item whether all numbers of the checked operand are finite.
  package func run(_ items: [Item], checking checked: Int? = nil) -> [Bool] {
    var finite = [UInt8](repeating: 1, count: items.count)
    let width = types.count
    var pointers = items.flatMap { $0.operands.map { $0?.assumingMemoryBound(to: CChar.self) } }
    var strides = items.flatMap { item in
      zip(types, item.isScalar).map { Int64($1 ? 0 : $0.itemSize) }
    }
    pointers.withUnsafeMutableBufferPointer { pointers in
      strides.withUnsafeMutableBufferPointer { strides in
        let list = items.indices.map { index in
          thaw_fused_item(
            count: Int64(items[index].count), pointers: pointers.baseAddress.map { $0 + index * width },
            strides: strides.baseAddress.map { UnsafePointer($0 + index * width) })
        }
        table.withFused { fused in
          withUnsafePointer(to: fused) { fused in
            thaw_fused_run(
              fused, Int64(items.count), list, checked.map(Int32.init) ?? -1,
              checked.map { types[$0].rawValue } ?? 0, &finite, Int32(threadCount))
          }
        }
      }
    }
    return finite.map { $0 != 0 }
  }
}
