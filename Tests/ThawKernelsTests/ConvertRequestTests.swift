import Testing
import ThawKernels
import ThawTypes

@Suite struct ConvertRequestTests {
  static func computed(_ input: Block, to dtype: DType, saturate: Bool = true) throws -> Block {
    let output = Block(count: input.count, dtype, filledWith: 0)
    try compute(
      ConvertRequest(from: input.dtype, to: dtype, shape: [input.count], strides: [1], saturate: saturate),
      [input.whole, output.whole])
    return output
  }

  static let integers: [DType] = [
    .int8, .uint8, .int16, .uint16, .int32, .uint32, .int64, .uint64, .int4, .uint4, .int2, .uint2,
  ]
  static let small: [DType] = [.float8e4m3fn, .float8e4m3fnuz, .float8e5m2, .float8e5m2fnuz, .float4e2m1]

  @Test func betweenNumbersThatFit() throws {
    for from in Self.integers + [.float32, .float64] {
      for to in Self.integers + [.float32, .float64] {
        let found = try Self.computed(Block([0, 1, 1, 0], from), to: to)
        #expect(found.values == [0, 1, 1, 0], "\(from) to \(to)")
      }
      #expect(try Self.computed(Block([0, 1], from), to: .bool).values == [0, 1])
    }
  }

  @Test func wholeNumbersFromFloatingPoint() throws {
    let values: [Double] = [-1.9, 1.9, 255.5, -129, 3e9, -3e9, 1e30, -.infinity, .nan]
    for from in [DType.float32, .float64] {
      let input = Block(values, from)
      func found(_ dtype: DType) throws -> [Double] { try Self.computed(input, to: dtype).values }
      #expect(try Array(found(.int8)[..<4]) == [-1, 1, -1, 127])
      #expect(try Array(found(.uint8)[..<4]) == [255, 1, 255, 127])
      let least = -2_147_483_648.0
      #expect(try found(.int32) == [-1, 1, 255, -129, 2_147_483_647, least, 2_147_483_647, least, 0])
      #expect(try found(.uint32) == [0, 1, 255, 0, 3e9, 0, 4_294_967_295, 0, 0])
      #expect(try found(.int64)[4...] == [3e9, -3e9, 0x1p63, -0x1p63, 0])
      #expect(try found(.uint64)[4...] == [3e9, 0, 0x1p64, 0, 0])
      #expect(try found(.bool) == [1, 1, 1, 1, 1, 1, 1, 1, 1])
      #expect(try Self.computed(Block([-9, -8, 7, 8, 15], from), to: .int4).values == [7, -8, 7, -8, -1])
    }
  }

  @Test func float16AndBack() throws {
    var dice = Dice()
    let values: [Double] =
      dice.values(500, in: -70000...70000) + dice.values(500, in: -1e-4...1e-4) + dice.values(500, in: -1e-7...1e-7)
      + [0, -0.0, 65504, 65519.99, 65520, 65536, .infinity, -.infinity, 6e-8, 2.9e-8, 6.103515625e-5, 6.1e-5]
    for from in [DType.float32, .float64] {
      let input = Block(values, from)
      let half = try Self.computed(input, to: .float16)
      for (index, value) in input.values.enumerated() {
        #expect(half[index] == Double(Float16(value).bitPattern), "\(value)")
      }
      let back = try Self.computed(half, to: .float64).values
      #expect(difference(back, input.values.map { Double(Float16($0)) }, relative: 0, absolute: 0) == nil)
    }
    #expect(try Self.computed(Self.computed(Block([.nan], .float32), to: .float16), to: .float32)[0].isNaN)
  }

  @Test func bfloat16Rounds() throws {
    // 1 + 1/256 lies between 1 and 1 + 1/128: to even.
    let input = Block([1, 1 + 1 / 256.0, 1 + 3 / 256.0, 3.4e38, .infinity, -2.5], .float32)
    let found = try Self.computed(Self.computed(input, to: .bfloat16), to: .float32).values
    #expect(found == [1, 1, 1 + 4 / 256.0, .infinity, .infinity, -2.5])
    #expect(try Self.computed(Self.computed(Block([.nan], .float64), to: .bfloat16), to: .float64)[0].isNaN)
    // Twice rounded, by way of float64, this would be a tie that goes down.
    let large = Block([0], .int64)
    large.pointer.storeBytes(of: Int64(1) << 62 + Int64(1) << 54 + 1, as: Int64.self)
    #expect(try Self.computed(Self.computed(large, to: .bfloat16), to: .float64)[0] == 0x1.02p62)
  }

  /// The codes are those of ONNX's backend tests.
  @Test func smallFloats() throws {
    let values = [
      0.4789254665374756, 0.48033666610717773, 0.4996848702430725, 0.8191054463386536, 0.4703124761581421,
      0.7229037880897522, 1_000_000, 1e-7, .nan, .infinity, -.infinity, -1e-7, -1_000_000,
    ]
    let expected: [(DType, Bool, [Double])] = [
      (.float8e5m2, true, [0x38, 0x38, 0x38, 0x3b, 0x38, 0x3a, 0x7b, 0, 0x7e, 0x7b, 0xfb, 0x80, 0xfb]),
      (.float8e5m2, false, [0x38, 0x38, 0x38, 0x3b, 0x38, 0x3a, 0x7c, 0, 0x7e, 0x7c, 0xfc, 0x80, 0xfc]),
      (.float8e4m3fnuz, true, [0x37, 0x37, 0x38, 0x3d, 0x37, 0x3c, 0x7f, 0, 0x80, 0x7f, 0xff, 0, 0xff]),
      (.float8e4m3fn, false, [0x2f, 0x2f, 0x30, 0x35, 0x2f, 0x34, 0x7f, 0, 0x7f, 0x7f, 0xff, 0x80, 0xff]),
    ]
    for (dtype, saturate, codes) in expected {
      #expect(try Self.computed(Block(values, .float32), to: dtype, saturate: saturate).values == codes, "\(dtype)")
    }
    let four = Block([0.48, 0.25, 1.05, -3.5, -8, 9, 1e6, 1e-7, .nan, .infinity, -.infinity, -4, 0.01, -0.0], .float32)
    #expect(
      try Self.computed(four, to: .float4e2m1).values == [1, 0, 2, 0xe, 0xf, 7, 7, 0, 8, 7, 0xf, 0xe, 0, 8])
    let powers = Block([0, 0.124, 0.25, 0.5, 1.1, 2, 4, 8, .infinity], .float32)
    #expect(
      try Self.computed(powers, to: .float8e8m0).values == [0, 0x7c, 0x7d, 0x7e, 0x80, 0x80, 0x81, 0x82, 0xfe])
    #expect(
      try Self.computed(Block([0, 127, 128, 254], .float8e8m0), to: .float32).values == [0x1p-127, 1, 2, 0x1p127])
  }

  /// Each code of a small format survives the way to float32 and back; numbers between two codes go to the nearest.
  @Test(arguments: small)
  func everyCode(dtype: DType) throws {
    let codes = Block((0..<(dtype == .float4e2m1 ? 16 : 256)).map(Double.init), dtype)
    let values = try Self.computed(codes, to: .float32)
    let back = try Self.computed(values, to: dtype, saturate: false)
    for (index, value) in values.values.enumerated() where !value.isNaN {
      #expect(back[index] == codes[index], "\(dtype) \(index) is \(value)")
    }
    let finite = Set(values.values.filter(\.isFinite)).sorted()
    for (low, high) in zip(finite, finite.dropFirst()) {
      for (share, nearest) in [(0.49, low), (0.51, high)] {
        let between = try Self.computed(Block([low + (high - low) * share], .float64), to: dtype)
        #expect(try Self.computed(between, to: .float64).values == [nearest])
      }
    }
  }

  @Test func strided() throws {
    let input = Block([1, 2, 3, 4, 5, 6], .int32)
    let output = Block(count: 6, .float64)
    try compute(
      ConvertRequest(from: .int32, to: .float64, shape: [3, 2], strides: [1, 3], saturate: true),
      [input.whole, output.whole])
    #expect(output.values == [1, 4, 2, 5, 3, 6])
    #expect(throws: KernelError.self) {
      try ConvertRequest(from: .string, to: .int32, shape: [], strides: [], saturate: true).prepare(for: .automatic)
    }
  }

  /// A type without loops computes as if in float32, rounded once.
  @Test func float16Computes() throws {
    let a = try Self.computed(Block([1.5, 2, 60000], .float32), to: .float16)
    let out = Block(count: 6, .float16)
    try compute(
      BinaryRequest(function: .add, dtype: .float16, shape: [2, 3], leftStrides: [0, 1], rightStrides: [0, -1]),
      [a.whole, a.from(2), out.whole])
    #expect(try Self.computed(out, to: .float32).values == [60000, 4, 60000, 60000, 4, 60000])
  }
}
