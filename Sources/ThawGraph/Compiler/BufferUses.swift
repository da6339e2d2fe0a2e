/// Which calls read and write each buffer.
struct BufferUses {
  /// By buffer the calls, once for each operand, in order.
  private(set) var readers: [Int: [Int]] = [:]
  private(set) var writers: [Int: [Int]] = [:]
  /// The buffers that the program takes or gives.
  let slots: Set<Int>

  init(_ lowering: Lowering) {
    slots = Set((lowering.inputs + lowering.outputs).map(\.buffer))
    for (index, call) in lowering.calls.enumerated() {
      for case let operand? in call.inputs { readers[operand.buffer, default: []].append(index) }
      for case let operand? in call.outputs { writers[operand.buffer, default: []].append(index) }
    }
  }

  /// The one call that reads a buffer of the arena, and reads it once.
  func onlyReader(of buffer: Int) -> Int? {
    guard !slots.contains(buffer), let calls = readers[buffer], calls.count == 1, writers[buffer]?.count == 1
    else { return nil }
    return calls[0]
  }

  /// The one call that writes a buffer.
  func maker(of buffer: Int) -> Int? {
    guard let calls = writers[buffer], calls.count == 1 else { return nil }
    return calls[0]
  }

  /// Takes down that `buffer` has come to stand for `replaced` too, from the call `place` on, which writes it.
  mutating func replace(_ replaced: Int, by buffer: Int, from place: Int) {
    readers[buffer] = ((readers[buffer] ?? []) + (readers.removeValue(forKey: replaced) ?? [])).sorted()
    writers[buffer, default: []].append(place)
    writers[replaced] = nil
  }
}

extension Lowering {
  /// Keeps the calls that are still there.
  mutating func keep(_ calls: [Call?]) {
    origins = zip(calls, origins).compactMap { $0 == nil ? nil : $1 }
    self.calls = calls.compactMap { $0 }
  }

  /// Takes down that one call computes what others did.
  mutating func join(_ others: [Int], into call: Int) {
    origins[call] = Set(origins[call] + others.flatMap { origins[$0] }).sorted()
  }
}
