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
  ///
  /// A result that a call may put in the place of what it reads for the last time shares its place.
  func lives(except slots: Set<Int>) -> [MemoryPlan.Life] {
    var lives: [Int: MemoryPlan.Life] = [:]
    for (index, call) in calls.enumerated() {
      for operand in (call.inputs + call.outputs).compactMap({ $0 }) where !slots.contains(operand.buffer) {
        if case .constant = buffers[operand.buffer] { continue }
        lives[
          operand.buffer,
          default: MemoryPlan.Life(
            buffers: [operand.buffer], byteCount: buffers[operand.buffer].byteCount, first: index, last: index)
        ].last = index
      }
    }
    // By buffer, the one whose life it goes on with.
    var earlier: [Int: Int] = [:]
    for (index, call) in calls.enumerated() {
      var taken: Set<Int> = []
      for (place, output) in call.outputs.enumerated() {
        guard let output, let life = lives[output.buffer], life.first == index, earlier[output.buffer] == nil else {
          continue
        }
        let source = call.inputs.lazy.compactMap { $0?.buffer }.first { buffer in
          guard let past = lives[earlier[buffer] ?? buffer] else { return false }
          return past.last == index && past.first < index && past.byteCount == life.byteCount
            && !taken.contains(buffer) && mayOverwrite(buffer, byOutput: place, of: call)
        }
        guard let source else { continue }
        let root = earlier[source] ?? source
        guard var past = lives[root] else { continue }
        taken.insert(source)
        past.buffers.append(output.buffer)
        past.last = life.last
        lives[root] = past
        lives[output.buffer] = nil
        earlier[output.buffer] = root
      }
    }
    return Array(lives.values)
  }

  /// Whether a call may put a result where a buffer is that it reads.
  private func mayOverwrite(_ buffer: Int, byOutput place: Int, of call: Call) -> Bool {
    guard case .kernel(let request) = call.body, let output = call.outputs[place], isWhole(output) else { return false }
    return call.inputs.enumerated().allSatisfy { index, input in
      guard let input, input.buffer == buffer else { return true }
      return isWhole(input) && request.mayOverwrite(input: index, byOutput: place)
    }
  }

  private func isWhole(_ operand: Operand) -> Bool {
    operand.byteOffset == 0
      && buffers[operand.buffer].byteCount == operand.shape.reduce(1, *) * operand.dtype.itemSize
      && Strides.isContiguous(operand.strides, for: operand.shape)
  }
}
