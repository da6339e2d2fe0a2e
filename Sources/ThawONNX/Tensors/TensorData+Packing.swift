public import ThawTypes

extension TensorData {
  /// The elements at one byte or more each, nil for strings.
  ///
  /// Types of 4 and 2 bits take a byte each: integers as their value, signs extended; `float4e2m1` as its code. Other
  /// types are given as they are.
  public func unpacked() -> ByteRegion? {
    guard let bytes, dtype.bitWidth < 8 else { return bytes }
    let width = dtype.bitWidth
    let perByte = 8 / width
    let isSigned = dtype == .int4 || dtype == .int2
    return bytes.withUnsafeBytes { packed in
      ByteRegion(count: count) { out in
        for index in 0..<count {
          // Shifted to the top and back down, with or without the sign.
          let top = packed[index / perByte] << UInt8(8 - width - index % perByte * width)
          out[index] = isSigned ? UInt8(bitPattern: Int8(bitPattern: top) >> (8 - width)) : top >> UInt8(8 - width)
        }
      }
    }
  }

  /// Makes a tensor of numbers from one byte or more an element: the reverse of ``unpacked()``.
  ///
  /// Of an element narrower than a byte, the bits above its width are ignored.
  ///
  /// - Throws: ``TensorDataError`` when the bytes do not fit dimensions and type.
  public init(_ dtype: DType, _ dims: [Int], unpacked bytes: ByteRegion) throws(TensorDataError) {
    guard dtype != .string, dtype.bitWidth < 8 else {
      try self.init(dtype, dims, bytes: bytes)
      return
    }
    // One byte each, so the check is that of a type of eight bits.
    let count = try TensorData(.uint8, dims, bytes: bytes).count
    let width = dtype.bitWidth
    let perByte = 8 / width
    let mask = UInt8(1 << width - 1)
    let packed = bytes.withUnsafeBytes { source in
      ByteRegion(count: (count + perByte - 1) / perByte) { out in
        for index in 0..<count {
          out[index / perByte] |= (source[index] & mask) << UInt8(index % perByte * width)
        }
      }
    }
    try self.init(dtype, dims, bytes: packed)
  }
}
