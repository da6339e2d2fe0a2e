internal import CZlib

extension ModelProto {
  /// The CRC-32 and the number of the bytes that the model's file would have: tells files apart that differ by accident.
  ///
  /// - Throws: ``FileError`` for what a file cannot hold.
  package func checksum() throws(FileError) -> String {
    let encoder = try WireEncoder(self)
    var sum = crc32_z(0, nil, 0)
    encoder.forEachPiece { sum = crc32_z(sum, $0.bindMemory(to: UInt8.self).baseAddress, $0.count) }
    return "\(String(sum, radix: 16))-\(encoder.count)"
  }
}
