import Testing
import ThawKernels
import ThawTypes

@Suite struct CopyRequestTests {
  static let types: [DType] = [.int8, .int16, .int32, .int64]

  @Test func arrangements() throws {
    let large = [
      Arrangement([70, 90], [1, 70]), Arrangement([3, 65, 17], [1105, 1, 65]),
      Arrangement([4, 20, 5, 30], [1, 600, 4, 20]),
      Arrangement([300, 400], [1, 300]), Arrangement([20, 30], [1, -20]),
    ]
    for dtype in Self.types {
      for from in Arrangement.samples + large {
        let input = Block((0..<from.extent).map { Double($0 % 100) }, dtype)
        let to = Arrangement(from.shape)
        let output = Block(count: to.count, dtype)
        let size = dtype.itemSize
        try compute(
          CopyRequest(itemSize: size, shape: from.shape, inputStrides: from.strides, outputStrides: to.strides),
          [input.from(from.origin), output.whole])
        #expect(output.values == from.places.map { input[$0] }, "\(dtype), \(from)")
      }
    }
  }

  @Test func intoArrangements() throws {
    for to in [
      Arrangement([4, 33], [1, 4]), Arrangement([33], [-1]), Arrangement([3, 5], [20, 2]),
      Arrangement([80, 90], [1, 80]),
    ] {
      let input = Block((0..<to.count).map { Double($0 % 100) }, .int32)
      let output = Block(count: to.extent, .int32, filledWith: -1)
      try compute(
        CopyRequest(
          itemSize: 4, shape: to.shape, inputStrides: contiguousStrides(to.shape), outputStrides: to.strides),
        [input.whole, output.from(to.origin)])
      #expect(to.places.map { output[$0] } == input.values, "\(to)")
    }
  }

  @Test func complexItems() throws {
    let input = Block([1, 2, 3, 4, 5, 6, 7, 8], .float64)
    let output = Block(count: 8, .float64)
    try compute(
      CopyRequest(itemSize: 16, shape: [2, 2], inputStrides: [1, 2], outputStrides: [2, 1]),
      [input.whole, output.whole])
    #expect(output.values == [1, 2, 5, 6, 3, 4, 7, 8])
  }

  @Test func selects() throws {
    var dice = Dice()
    for dtype in [DType.bool, .float16, .float32, .float64] {
      for (condition, other) in [
        (Arrangement([3, 40]), Arrangement([3, 40])), (Arrangement([3, 40], [0, 1]), Arrangement([3, 40], [1, 0])),
        (Arrangement([0]), Arrangement([0])),
      ] {
        let mask = Block(dice.integers(condition.extent, in: 0...1), .bool)
        let (a, b) = (Block(dice.integers(other.extent, in: 0...1), dtype), Block([7], dtype))
        let output = Block(count: condition.count, dtype)
        try compute(
          SelectRequest(
            dtype: dtype, shape: condition.shape, conditionStrides: condition.strides, trueStrides: other.strides,
            falseStrides: condition.shape.map { _ in 0 }),
          [mask.whole, a.whole, b.whole, output.whole])
        #expect(output.values == zip(condition.places, other.places).map { mask[$0] != 0 ? a[$1] : 7 })
      }
    }
  }
}
