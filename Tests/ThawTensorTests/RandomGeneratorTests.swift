import Testing

@testable import ThawTensor

@Suite("Random numbers") struct RandomGeneratorTests {
  @Test("the numbers of a seed are one sequence, however they are drawn")
  func sequence() throws {
    let (one, other) = (RandomGenerator(seed: 5), RandomGenerator(seed: 5))
    let whole = try one.uniform([6]).elements(as: Float.self)
    let parts = try other.uniform([2]).elements(as: Float.self) + other.uniform([2, 2]).elements(as: Float.self)
    #expect(whole == parts)
    one.seed(5)
    #expect(try one.uniform([3]).elements(as: Float.self) == Array(whole[..<3]))
    #expect(try one.uniform([6]).elements(as: Float.self) != whole)
    #expect(whole.allSatisfy { $0 >= 0 && $0 < 1 })
  }

  @Test("dropout drops the share it is told, keeps the mean, and is undone by no draw of others")
  func dropout() throws {
    let x = Tensor.ones([10000])
    let dropped = try withErrors { x.dropout(ratio: 0.25, generator: RandomGenerator(seed: 1)) }
    let values = try dropped.elements(as: Float.self)
    let kept = values.count { $0 != 0 }
    #expect(abs(Double(kept) - 7500) < 200)
    #expect(values.allSatisfy { $0 == 0 || abs($0 - 4 / 3) < 1e-6 })
    _ = try RandomGenerator.default.uniform([17])
    let again = try withErrors { x.dropout(ratio: 0.25, generator: RandomGenerator(seed: 1)) }
    #expect(try again.elements(as: Float.self) == values)
    #expect(try withErrors { x.dropout(ratio: 0.25, training: false) }.elements(as: Float.self).allSatisfy { $0 == 1 })
  }

  @Test("the gradient of dropout passes where the element did")
  func gradient() throws {
    let x = try Tensor.ones([50]).contiguous().requiringGrad()
    let y = try withErrors { x.dropout(ratio: 0.5, generator: RandomGenerator(seed: 2)) }
    try y.backward(gradient: Tensor.ones([50]))
    #expect(try x.grad?.elements(as: Float.self) == y.elements(as: Float.self))
  }
}

@Suite("New weights") struct InitializationTests {
  /// The bounds are those that PyTorch's `torch.nn.init` computes for the same shapes.
  @Test("uniform up to the bound, and close to it")
  func bounds() throws {
    let generator = RandomGenerator(seed: 1)
    let rows: [(values: Tensor, bound: Double)] = [
      (try generator.kaimingUniform([50, 40]), 0.158_113_883),
      (try generator.kaimingUniform([50, 4, 3, 3]), 0.166_666_667),
      (try generator.kaimingUniform([50, 40], slope: 0), 0.387_298_335),
      (try generator.xavierUniform([50, 40]), 0.258_198_890),
      (try generator.xavierUniform([50, 4, 3, 3], gain: 2), 0.222_222_222),
    ]
    for (values, bound) in rows {
      let numbers = try values.elements(as: Double.self)
      let largest = numbers.map { abs($0) }.max() ?? 0
      #expect(largest <= bound * (1 + 1e-6) && largest > 0.98 * bound, "\(bound)")
      #expect(abs(numbers.reduce(0, +) / Double(numbers.count)) < 0.1 * bound)
    }
  }

  @Test("a shape without fan-in", arguments: [[], [3], [-1, 2]])
  func refused(shape: [Int]) {
    let message = "a weight should have two axes or more, [out, in, …], and its shape is \(shape)"
    #expect(throws: TensorError(.shape, message)) { try RandomGenerator(seed: 1).kaimingUniform(shape) }
    #expect(throws: TensorError(.shape, message)) { try RandomGenerator(seed: 1).xavierUniform(shape) }
  }
}
