import Testing
import ThawTypes

@Suite("Element types") struct DTypeTests {
  @Test(
    "element counts",
    arguments: [
      ([], 1), ([2, 3], 6), ([0, 1 << 40], 0), ([0, Int.max, 2], nil), ([Int.max / 16], Int.max / 16),
      ([Int.max / 8], nil), ([Int.max, 2], nil), ([-1], nil), ([0, -1], nil),
    ] as [([Int], Int?)])
  func elementCount(dims: [Int], count: Int?) { #expect(DType.elementCount(of: dims) == count) }

  @Test(
    "bytes of a packed payload",
    arguments: [
      (.float32, 3, 12), (.int4, 3, 2), (.uint2, 5, 2), (.bool, 3, 3), (.complex128, 1, 16), (.string, 1, nil),
      (.float64, Int.max, nil), (.float32, -1, nil), (.int4, 0, 0),
    ] as [(DType, Int, Int?)])
  func byteCount(dtype: DType, count: Int, bytes: Int?) { #expect(dtype.byteCount(of: count) == bytes) }

  @Test("a type is floating, whole, or neither; what is narrower than a byte takes one in memory")
  func kinds() {
    let neither: Set<DType> = [.bool, .string, .complex64, .complex128]
    for dtype in DType.allCases {
      #expect(!(dtype.isFloatingPoint && dtype.isInteger))
      #expect((dtype.isFloatingPoint || dtype.isInteger) != neither.contains(dtype), "\(dtype)")
      #expect(dtype == .string ? dtype.itemSize == 0 : dtype.itemSize >= 1)
    }
  }
}
