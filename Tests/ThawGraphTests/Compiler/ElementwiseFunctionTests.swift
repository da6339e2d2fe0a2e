import Testing
import ThawTensor
import ThawTypes

@testable import ThawGraph

/// A function of tensors and numbers, as an optimizer's rule is one.
struct ElementwiseCase: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let tensorCount: Int
  let numbers: [Double]
  let body: @Sendable ([Tensor], [Tensor]) -> [Tensor]

  init(
    _ name: String, _ tensorCount: Int, _ numbers: [Double],
    _ body: @escaping @Sendable ([Tensor], [Tensor]) -> [Tensor]
  ) {
    testDescription = name
    self.tensorCount = tensorCount
    self.numbers = numbers
    self.body = body
  }

  static let all: [ElementwiseCase] = [
    ElementwiseCase("one function", 2, []) { t, _ in [t[0] - t[1]] },
    ElementwiseCase("momentum", 3, [0.1]) { t, n in
      let v = t[2] * 0.9 + t[1]
      return [t[0] - (t[1] + v * 0.9) * n[0], v]
    },
    ElementwiseCase("a tensor as it is", 2, [0.1]) { t, n in [t[0] - t[1] * n[0], t[1]] },
    ElementwiseCase("moments", 5, [0.3, 0.02, 0.99]) { t, n in
      let g = -t[1] + t[0] * 0.01
      let m = t[2] + (g - t[2]) * 0.1
      let v = t[3] * 0.999 + g * g * 0.001
      let largest = Tensor.maximum(t[4], v)
      return [t[0] * n[2] - m / (largest.abs().sqrt() / n[0] + 1e-8) * n[1], m, v, largest]
    },
    ElementwiseCase("a choice", 2, [0.5]) { t, n in [.where(t[0] .> n[0], t[1].exp(), t[0].tanh())] },
  ]
}

@Suite("A function of elements, compiled for every shape") struct ElementwiseFunctionTests {
  private static let shapes = [[], [3], [0], [513], [7, 33], [70_001]]

  private func tensors(_ row: ElementwiseCase, _ shape: [Int], _ dtype: DType, seed: UInt64) throws -> [Tensor] {
    let generator = RandomGenerator(seed: seed)
    return try (0..<row.tensorCount).map { _ in
      try withErrors { try generator.uniform(shape, from: -1, to: 1).cast(to: dtype) }
    }
  }

  private func isSame(_ a: Tensor, _ b: Tensor) throws -> Bool {
    try a.shape == b.shape && withErrors { (a .== b).cast(to: .float32).sum() }.item() == Double(a.count)
  }

  @Test("the bits of one operation after the other", arguments: ElementwiseCase.all, [DType.float32, .float64])
  func bits(row: ElementwiseCase, dtype: DType) throws {
    let types = Array(repeating: dtype, count: row.tensorCount)
    let function = try ElementwiseFunction(
      tensors: types, numbers: row.numbers.map { _ in dtype }
    ) { row.body($0, $1) }
    let numbers = try row.numbers.map { try Tensor.scalar($0, dtype: dtype) }
    for overwrites in [false, true] {
      let given = try Self.shapes.enumerated().map { try tensors(row, $1, dtype, seed: UInt64($0)) }
      let expected = try given.map { tensors in try withErrors { row.body(tensors, numbers) } }
      var calls = try given.map { tensors in
        ElementwiseFunction.Call(
          tensors: overwrites ? try tensors.map { try $0.copied() } : tensors, numbers: numbers)
      }
      try function.run(&calls, checking: 0)
      for (index, call) in calls.enumerated() {
        #expect(call.isFinite)
        for (found, expected) in zip(call.results, expected[index]) {
          #expect(found.dtype == dtype)
          #expect(try isSame(found, expected))
        }
      }
      let again = try Self.shapes.enumerated().map { try tensors(row, $1, dtype, seed: UInt64($0)) }
      for (before, after) in zip(again.joined(), given.joined()) {
        #expect(try isSame(before, after), "what is held is not written")
      }
    }
  }

  @Test("what nobody else holds is overwritten") func reuse() throws {
    let function = try ElementwiseFunction(tensors: [.float32, .float32], numbers: [.float32]) { t, n in
      [t[0] - t[1] * n[0]]
    }
    let value = Tensor([1, 2, 3] as [Float])
    var calls = [
      ElementwiseFunction.Call(tensors: [value, try Tensor([4, 5, 6] as [Float]).copied()], numbers: [Tensor(0.5)])
    ]
    let address = try calls[0].tensors[1].address()
    try function.run(&calls)
    #expect(try calls[0].results[0].address() == address)
    #expect(try calls[0].results[0].elements(as: Float.self) == [-1, -0.5, 0])
    #expect(try value.elements(as: Float.self) == [1, 2, 3])
  }

  @Test("strided and repeated tensors are read where they stand", arguments: [DType.float32, .float64])
  func strided(dtype: DType) throws {
    let function = try ElementwiseFunction(tensors: [dtype, dtype]) { t, _ in [t[0] * t[1] + t[0]] }
    let a = try withErrors {
      try RandomGenerator(seed: 1).uniform([5, 9], from: -1, to: 1).cast(to: dtype).transposed()
    }
    let b = try Tensor.full([9, 5], 3, dtype: dtype)
    var calls = [ElementwiseFunction.Call(tensors: [a, b])]
    try function.run(&calls)
    #expect(try calls[0].results[0].elements(as: Double.self) == (a * b + a).elements(as: Double.self))
  }

  @Test("infinities and NaN are seen, wherever they are", arguments: [DType.float32, .float64], [0, 700, 99_999])
  func nonFinite(dtype: DType, place: Int) throws {
    let function = try ElementwiseFunction(tensors: [dtype]) { t, _ in [t[0] * 2] }
    for bad in [Double.infinity, -.infinity, .nan] {
      var values = Array(repeating: 1.0, count: 100_000)
      values[place] = bad
      let tensor = Tensor(values.map(Float.init)).cast(to: dtype)
      var calls = [Tensor.ones([4], dtype: dtype), tensor].map { ElementwiseFunction.Call(tensors: [$0]) }
      try function.run(&calls, checking: 0)
      #expect(calls.map(\.isFinite) == [true, false])
      #expect(try Tensor.areFinite([tensor, Tensor.ones([3]), Tensor([1, 2])]) == [false, true, true])
    }
  }

  @Test("operations that look beyond an element are refused") func refused() throws {
    #expect(throws: TensorError.self) {
      try ElementwiseFunction(tensors: [.float32]) { t, _ in [t[0].sum()] }
    }
  }
}
