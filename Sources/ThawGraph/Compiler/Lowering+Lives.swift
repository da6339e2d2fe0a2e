import Foundation
import ThawKernels
import ThawTensor

extension Lowering {
  /// Puts a copy before the first use of each buffer that has contents to begin with.
  mutating func initializeBuffers() throws {
    var initialized: Set<Int> = []
    var result: [Call] = []
    var places: [[Int]] = []
    for (call, origin) in zip(calls, origins) {
      for operand in (call.inputs + call.outputs).compactMap({ $0 }) {
        guard case .initialized(let contents) = buffers[operand.buffer], initialized.insert(operand.buffer).inserted
        else { continue }
        result.append(try initialization(of: operand.buffer, contents))
        places.append(origin)
      }
      result.append(call)
      places.append(origin)
    }
    calls = result
    origins = places
  }

  private mutating func initialization(of buffer: Int, _ contents: Storage) throws -> Call {
    // One number for all, where it is the same: a constant as large as what it fills would be read in each run.
    let number = try Self.repeatedNumber(in: contents)
    let itemSize = number == nil ? 1 : 8
    let shape = [contents.byteCount / itemSize]
    let stride = number == nil ? 1 : 0
    buffers.append(.constant(number ?? contents))
    let source = Operand(buffer: buffers.count - 1, dtype: .uint8, shape: shape, strides: [stride])
    let target = Operand(buffer: buffer, dtype: .uint8, shape: shape, strides: [1])
    let request = CopyRequest(itemSize: itemSize, shape: shape, inputStrides: [stride], outputStrides: [1])
    return Call(body: .kernel(request), inputs: [source], outputs: [target])
  }

  /// The 8 bytes that fill a block; nil when different ones do.
  private static func repeatedNumber(in contents: Storage) throws -> Storage? {
    let (count, start) = (contents.byteCount, contents.pointer)
    guard count > 8, count % 8 == 0, memcmp(start, start + 8, count - 8) == 0 else { return nil }
    let number = try Storage(byteCount: 8)
    number.pointer.copyMemory(from: start, byteCount: 8)
    return number
  }

  /// From where to where each buffer of the arena holds something.
  func lives(except slots: Set<Int>) -> [MemoryPlan.Life] {
    var lives: [Int: MemoryPlan.Life] = [:]
    for (index, call) in calls.enumerated() {
      for operand in (call.inputs + call.outputs).compactMap({ $0 }) where !slots.contains(operand.buffer) {
        if case .constant = buffers[operand.buffer] { continue }
        lives[
          operand.buffer,
          default: MemoryPlan.Life(
            buffer: operand.buffer, byteCount: buffers[operand.buffer].byteCount, first: index, last: index)
        ].last = index
      }
    }
    return Array(lives.values)
  }
}
