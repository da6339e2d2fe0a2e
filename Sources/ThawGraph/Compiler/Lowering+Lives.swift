import ThawKernels
import ThawTensor

extension Lowering {
  /// Puts a copy before the first use of each buffer that has contents to begin with.
  mutating func initializeBuffers() {
    var initialized: Set<Int> = []
    var result: [Call] = []
    var places: [[Int]] = []
    for (call, origin) in zip(calls, origins) {
      for operand in (call.inputs + call.outputs).compactMap({ $0 }) {
        guard case .initialized(let contents) = buffers[operand.buffer], initialized.insert(operand.buffer).inserted
        else { continue }
        result.append(initialization(of: operand.buffer, contents))
        places.append(origin)
      }
      result.append(call)
      places.append(origin)
    }
    calls = result
    origins = places
  }

  private mutating func initialization(of buffer: Int, _ contents: Storage) -> Call {
    let shape = [contents.byteCount]
    buffers.append(.constant(contents))
    let source = Operand(buffer: buffers.count - 1, dtype: .uint8, shape: shape, strides: [1])
    let target = Operand(buffer: buffer, dtype: .uint8, shape: shape, strides: [1])
    let request = CopyRequest(itemSize: 1, shape: shape, inputStrides: [1], outputStrides: [1])
    return Call(body: .kernel(request), inputs: [source], outputs: [target])
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
