import ThawKernels
import ThawTypes

extension Tensor {
  /// For each of several tensors whether all its numbers are finite; they are looked at in one pass over memory.
  ///
  /// - Throws: `TensorError` when one has no numbers in memory.
  package static func areFinite(_ tensors: [Tensor]) throws -> [Bool] {
    var result = [Bool](repeating: true, count: tensors.count)
    let members = Dictionary(grouping: tensors.indices) { tensors[$0].dtype == .float64 ? DType.float64 : .float32 }
    for (dtype, members) in members {
      let numbers = try members.map { try tensors[$0].detach().numbers(as: dtype).contiguous() }
      let loop: FusedLoop
      do { loop = try FusedLoop(types: [dtype], steps: []) } catch let error as KernelError { throw TensorError(error) }
      let items = try numbers.map {
        FusedLoop.Item(count: $0.count, operands: [try $0.address()], isScalar: [false])
      }
      let finite = withExtendedLifetime(numbers) { loop.run(items, checking: 0) }
      for (index, isFinite) in zip(members, finite) { result[index] = isFinite }
    }
    return result
  }
}
