import ThawTypes

/// A primitive whose outputs hold elements of its inputs, wherever they come to lie: whatever moves numbers moves strings.
protocol ElementMover: Primitive {
  func stringInputs(_ inputs: [Value?]) -> [Value?]
}

extension ElementMover {
  /// Moves strings as the numbers of their places.
  func forwardStrings(_ given: [Value?], wanted: OutputMask) throws -> [Value?] {
    let inputs = stringInputs(given)
    // Numbers among strings are refused before the strings look like numbers.
    let types = try outputTypes(inputs.map { $0?.type }, known: KnownValues(inputs.map { $0?.tensor }))
    guard types.allSatisfy({ $0.tensor?.dtype == .string }) else {
      throw TensorError(.dtype, "\(Self.schema.name): strings and numbers do not go together")
    }
    var all: [[UInt8]] = []
    let places = try inputs.map { input -> Value? in
      guard case .strings(let strings)? = input?.tensor?.contents else { return input }
      let first = all.count
      all += strings
      return .tensor(try Tensor(copying: Array(first..<all.count), shape: input?.tensor?.shape))
    }
    return try forward(places, wanted: wanted).map { output in
      guard let tensor = output?.tensor else { return output }
      return .tensor(try Tensor(strings: try tensor.integers().map { all[$0] }, shape: tensor.shape))
    }
  }
}

extension ElementMover {
  /// The inputs with a string where numbers would have a zero that nobody gives.
  func stringInputs(_ inputs: [Value?]) -> [Value?] { inputs }
}

extension Concat: ElementMover {}
extension Expand: ElementMover {}
extension Gather: ElementMover {}
extension GatherElements: ElementMover {}
extension GatherND: ElementMover {}
extension Resize: ElementMover {}
extension ReverseSequence: ElementMover {}
extension ScatterElements: ElementMover {}
extension ScatterND: ElementMover {}
extension Slice: ElementMover {}
extension Split: ElementMover {}
extension Tile: ElementMover {}
extension Transpose: ElementMover {}
extension Where: ElementMover {}

extension Pad: ElementMover {
  func stringInputs(_ inputs: [Value?]) -> [Value?] {
    guard mode == .constant, inputs.count < 3 || inputs[2] == nil else { return inputs }
    let given = inputs + [Value?](repeating: nil, count: max(0, 3 - inputs.count))
    return given.enumerated().map { $0 == 2 ? .tensor(.nothing) : $1 }
  }
}

extension Tensor {
  /// The empty string, which is to strings what 0 is to numbers.
  static let nothing = Tensor(dtype: .string, shape: [], contents: .strings([[]]))

  var areStrings: Bool { if case .strings = contents { true } else { false } }

  /// The byte strings as they fill a shape by broadcasting.
  func strings(broadcastTo shape: [Int]) throws -> [[UInt8]] {
    let strings = try strings()
    if self.shape == shape { return strings }
    let places = try Tensor(copying: Array(strings.indices), shape: self.shape)
    return try places.broadcast(to: shape).integers().map { strings[$0] }
  }

  /// The texts of a string tensor; bytes that are no UTF-8 become U+FFFD.
  func texts() throws -> [String] { try strings().map { String(decoding: $0, as: UTF8.self) } }
}
