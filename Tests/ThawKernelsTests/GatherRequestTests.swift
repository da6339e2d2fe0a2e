import Testing
import ThawKernels
import ThawTypes

@Suite struct GatherRequestTests {
  static let shapes = [(1, 5, 1, 3), (2, 4, 3, 5), (3, 7, 16, 2), (2, 3, 4, 0), (40, 50, 64, 40)]

  static func indices(_ count: Int, below length: Int, _ dtype: DType, _ dice: inout Dice) -> Block {
    Block(dice.integers(count, in: -length...(length - 1)), dtype)
  }

  static func place(_ index: Double, _ length: Int) -> Int { Int(index) < 0 ? Int(index) + length : Int(index) }

  @Test(arguments: shapes, [DType.int32, .int64])
  func gathers(shape: (Int, Int, Int, Int), indexType: DType) throws {
    let (outer, length, inner, count) = shape
    var dice = Dice()
    for dtype in [DType.bool, .float16, .float32, .float64] {
      let data = Block(dice.integers(outer * length * inner, in: 0...1), dtype)
      let indices = Self.indices(count, below: length, indexType, &dice)
      let out = Block(count: outer * count * inner, dtype)
      try compute(
        GatherRequest(
          itemSize: dtype.itemSize, outer: outer, length: length, inner: inner, indexCount: count, indexType: indexType),
        [data.whole, indices.whole, out.whole])
      var expected: [Double] = []
      for o in 0..<outer {
        for i in 0..<count {
          let start = (o * length + Self.place(indices[i], length)) * inner
          expected += (start..<start + inner).map { data[$0] }
        }
      }
      #expect(out.values == expected)
    }
  }

  static func apply(_ reduction: ScatterReduction, _ old: Double, _ new: Double) -> Double {
    switch reduction {
    case .none: new
    case .add: old + new
    case .multiply: old * new
    case .maximum: max(old, new)
    case .minimum: min(old, new)
    }
  }

  @Test(arguments: ScatterReduction.allCases)
  func scatters(reduction: ScatterReduction) throws {
    var dice = Dice()
    for dtype in [DType.float32, .float64, .int32, .int64, .uint64, .int16] {
      for (outer, length, inner, count) in Self.shapes where count <= 5 {
        let out = Block(dice.integers(outer * length * inner, in: 0...2), dtype)
        let updates = Block(dice.integers(outer * count * inner, in: 0...2), dtype)
        let indices = Self.indices(count, below: length, .int64, &dice)
        var expected = out.values
        for o in 0..<outer {
          for i in 0..<count {
            for j in 0..<inner {
              let place = (o * length + Self.place(indices[i], length)) * inner + j
              expected[place] = Self.apply(reduction, expected[place], updates[(o * count + i) * inner + j])
            }
          }
        }
        try compute(
          ScatterRequest(
            reduction: reduction, dtype: dtype, outer: outer, length: length, inner: inner, indexCount: count,
            indexType: .int64),
          [updates.whole, indices.whole, out.whole])
        #expect(out.values == expected, "\(dtype)")
      }
    }
  }

  static let elementCases: [([Int], [Int], Int)] = [
    ([5], [9], 0), ([3, 4], [2, 4], 0), ([3, 4], [3, 6], 1), ([2, 3, 4], [2, 5, 3], 1), ([2, 3], [0, 3], 0),
    ([300, 300], [300, 300], 1),
  ]

  /// For each index: its place among the indices, and that of the data's element.
  static func pairs(_ data: [Int], _ shape: [Int], _ axis: Int, _ indices: Block) -> [(Int, Int)] {
    let strides = contiguousStrides(data)
    return (0..<shape.reduce(1, *)).map { flat in
      var (rest, place) = (flat, 0)
      for a in shape.indices.reversed() {
        let at = rest % shape[a]
        place += (a == axis ? Self.place(indices[flat], data[axis]) : at) * strides[a]
        rest /= shape[a]
      }
      return (flat, place)
    }
  }

  @Test func elements() throws {
    var dice = Dice()
    for (data, shape, axis) in Self.elementCases {
      let count = shape.reduce(1, *)
      let indices = Self.indices(count, below: data[axis], .int32, &dice)
      let values = dice.block(data.reduce(1, *), .float32)
      let out = Block(count: count, .float32)
      try compute(
        GatherElementsRequest(itemSize: 4, dataShape: data, indexShape: shape, axis: axis, indexType: .int32),
        [values.whole, indices.whole, out.whole])
      let pairs = Self.pairs(data, shape, axis, indices)
      #expect(out.values == pairs.map { values[$0.1] })

      for reduction in ScatterReduction.allCases {
        for dtype in [DType.float64, .int32, .int8] {
          let target = Block(dice.integers(data.reduce(1, *), in: 0...1), dtype)
          let updates = Block(dice.integers(count, in: 0...1), dtype)
          var expected = target.values
          for (from, to) in pairs { expected[to] = Self.apply(reduction, expected[to], updates[from]) }
          try compute(
            ScatterElementsRequest(
              reduction: reduction, dtype: dtype, dataShape: data, indexShape: shape, axis: axis, indexType: .int32),
            [updates.whole, indices.whole, target.whole])
          #expect(target.values == expected, "\(reduction), \(dtype), \(data), \(shape)")
        }
      }
    }
  }

  @Test func bounds() {
    let (some, none) = (Block([3, -7, 5], .int64), Block([], .int32))
    withExtendedLifetime((some, none)) {
      #expect(indexBounds(some.pointer, count: 3, dtype: .int64) == (-7, 5))
      #expect(indexBounds(none.pointer, count: 0, dtype: .int32) == (0, -1))
    }
  }
}
