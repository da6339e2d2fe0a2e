import ThawTensor
import ThawTypes

extension BitCast: Sampled {
  public static var samples: [Sample] {
    [
      Sample(
        "the bits of 1 and −2", BitCast(to: .int32), .exact(.floats([1, -2])),
        expected: [Tensor(elements: [0x3F80_0000, Int32(bitPattern: 0xC000_0000)])]),
      Sample(
        "bytes with a sign", BitCast(to: .int8), .exact(Tensor(elements: [0, 127, 128, 255] as [UInt8])),
        expected: [Tensor(elements: [0, 127, -128, -1] as [Int8])]),
      Sample(
        "4 bits with a sign, and without", BitCast(to: .uint4),
        .exact(Tensor(elements: [-8, -1, 0, 7] as [Int8]).cast(to: .int4)),
        expected: [Tensor(elements: [8, 15, 0, 7] as [UInt8]).cast(to: .uint4)]),
      Sample(
        "truth values", BitCast(to: .bool), .exact(Tensor(elements: [0, 1, 2] as [UInt8])),
        expected: [.bools([false, true, true])]),
    ]
  }

  public static var failures: [Failure] {
    [
      Failure(
        BitCast(to: .int64), .uniform([2]),
        message: "BitCast: the input is float32, of 32 bits, and cannot be taken for int64, of 64")
    ]
  }
}
