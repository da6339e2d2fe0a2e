internal import CImageLibraries

/// A WebP file, lossy or lossless (RFC 9649), read by libwebp.
struct WebPImage {
  private let bytes: [UInt8]
  private let header: thaw_webp_header

  init(_ bytes: [UInt8]) throws {
    var header = thaw_webp_header()
    try ImageLibrary.webP.check(thaw_webp_read_header(bytes, bytes.count, &header))
    guard header.is_animated == 0 else { throw ImageFault.unsupported("an animated WebP") }
    (self.bytes, self.header) = (bytes, header)
  }

  func raster() throws -> Raster {
    let raster = try Raster(
      height: Int(header.height), width: Int(header.width), fileSize: bytes.count, freely: ImageLibrary.freePixels)
    try withUnsafePointer(to: header) { header in
      try ImageLibrary.webP.check(thaw_webp_read_pixels(bytes, bytes.count, header, raster.memory.baseAddress))
    }
    return raster
  }
}
