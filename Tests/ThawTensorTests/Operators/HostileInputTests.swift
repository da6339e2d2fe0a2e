import OperatorSamples
import Testing
import ThawTypes

@testable import ThawTensor

/// Whatever is handed to an operator ends as a result or as a typed error: the samples' inputs, made wrong one by one.
@Suite("Hostile inputs") struct HostileInputTests {
  @Test("nothing traps", arguments: Row.all)
  func hostile(row: Row) throws {
    let inputs = try row.inputs(.float32)
    for index in inputs.indices {
      for replacement in try Self.replacements(for: inputs[index]) {
        var changed = inputs
        changed[index] = replacement
        run(row, changed)
      }
    }
    run(row, Array(inputs.dropLast()))
    run(row, inputs + [Tensor([1, 2, 3])])
    run(row, [])
  }

  @Test("no declared size traps", arguments: Row.all)
  func declared(row: Row) throws {
    let types = try row.inputs(.float32).map { $0.map(\.type) }
    for (index, type) in types.enumerated() {
      guard let type, let dims = type.dims else { continue }
      let one = dims.indices.map { axis in dims.enumerated().map { $0 == axis ? Dim.known(1 << 62) : $1 } }
      let all = [1 << 40, 1 << 62, Int.max].map { [Dim](repeating: .known($0), count: dims.count) }
      for hostile in one + all {
        var changed = types
        changed[index] = TensorType(type.dtype, hostile)
        let both = types.map { $0?.dims?.count == dims.count ? TensorType($0?.dtype ?? type.dtype, hostile) : $0 }
        for types in [changed, both] {
          attempt(row) {
            let operation = row.sample.operation
            let outputs = try operation.outputTypes(types.map { $0.map(ValueType.tensor) }, known: KnownValues())
            _ = (operation as? any MultiplyAdding)?.multiplyAdds(types, outputs.map(\.tensor))
          }
        }
      }
    }
  }

  private func run(_ row: Row, _ inputs: [Tensor?]) {
    attempt(row) {
      let leaves = try inputs.map { try $0.map { $0.dtype == .float32 ? try $0.requiringGrad() : $0 } }
      let outputs = try row.outputs(of: leaves).compactMap { $0 }.filter(\.requiresGrad)
      for output in outputs { try output.sum().backward(retainGraph: true) }
    }
    let known = KnownValues(inputs)
    for types in [inputs.map { $0?.type }, inputs.map { $0.map { $0.type.open } }] {
      attempt(row) { _ = try row.sample.operation.outputTypes(types.map { $0.map(ValueType.tensor) }, known: known) }
      attempt(row) {
        _ = try row.sample.operation.outputTypes(types.map { $0.map(ValueType.tensor) }, known: KnownValues())
      }
    }
  }

  private func attempt(_ row: Row, _ body: () throws -> Void) {
    do { try withErrors(body) } catch {
      #expect(error is TensorError, "\(row.testDescription): \(error)")
    }
  }

  private static func replacements(for input: Tensor?) throws -> [Tensor?] {
    var replacements: [Tensor?] = [
      nil, Tensor([1]), Tensor([0.5]), Tensor([true, false]), .zeros([0]), .zeros([2, 0, 3]), Tensor(-1),
      try Tensor(strings: [Array("text".utf8)], shape: [1]), Tensor.ones([1, 2, 3, 1, 2]),
    ]
    guard let input, input.dtype != .string else { return replacements }
    replacements += [
      input.unsqueezed(axes: [0]), input.reshaped(to: [-1]), try withErrors { input.cast(to: .float64) },
      .concat([input.reshaped(to: [-1]), input.reshaped(to: [-1])]),
    ]
    guard input.dtype.isInteger, input.count <= 4 else { return replacements }
    for hostile in [Int.min, Int.min + 1, -7, -1, 0, 1, 7, 1 << 62, Int.max] {
      for index in 0..<input.count {
        var values = try input.integers()
        values[index] = hostile
        replacements.append(try Tensor(copying: values, shape: input.shape))
      }
      replacements.append(try Tensor(copying: Array(repeating: hostile, count: input.count), shape: input.shape))
    }
    return replacements
  }
}

extension TensorType {
  /// The same with names for its sizes.
  fileprivate var open: TensorType {
    TensorType(dtype, dims?.map { $0.value.map { $0 == 1 ? .known(1) : .symbol("d\($0)") } ?? $0 })
  }
}
