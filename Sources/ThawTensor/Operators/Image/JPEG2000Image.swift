internal import CImageLibraries

/// A JPEG 2000 file or stream of code (ITU-T T.800), in shades of grey, RGB or YCbCr, read by OpenJPEG.
struct JPEG2000Image {
  private let bytes: [UInt8]

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  func raster() throws -> Raster {
    try bytes.withUnsafeBufferPointer { bytes in
      var reader: OpaquePointer?
      var header: UnsafePointer<thaw_jpeg2000_image>?
      try ImageLibrary.openJPEG.check(thaw_jpeg2000_open(bytes.baseAddress, bytes.count, &reader, &header))
      defer { thaw_jpeg2000_close(reader) }
      guard let header, header.pointee.left < header.pointee.right, header.pointee.top < header.pointee.bottom else {
        throw ImageFault.damaged
      }
      // Channels take memory before it is known what they are for.
      guard header.pointee.channel_count <= 4 else {
        throw ImageFault.unsupported("a JPEG 2000 image of \(header.pointee.channel_count) channels")
      }
      let raster = try Raster(
        height: Int(header.pointee.bottom - header.pointee.top), width: Int(header.pointee.right - header.pointee.left),
        fileSize: bytes.count, freely: ImageLibrary.freePixels)
      try ImageLibrary.openJPEG.check(thaw_jpeg2000_read_samples(reader))
      // A palette has become channels by now.
      try Self.fill(raster, from: header.pointee)
      return raster
    }
  }

  private static func fill(_ raster: Raster, from image: thaw_jpeg2000_image) throws {
    let channels = try UnsafeBufferPointer(start: image.channels, count: Int(image.channel_count))
      .filter { $0.alpha == 0 }
      .map { try Channel($0, left: Int(image.left), top: Int(image.top)) }
    // What says nothing of its colors has one shade, or three colors, and perhaps opacity behind them.
    let count = image.color_space == 2 || channels.count < 3 ? 1 : 3
    guard channels.count >= count else { throw ImageFault.damaged }
    guard image.color_space < 4 else { throw ImageFault.unsupported("a JPEG 2000 image in CMYK or extended YCbCr") }
    let isYCbCr = image.color_space == 3 || image.color_space < 1 && count == 3 && channels[1].isCoarse
    for row in 0..<raster.height {
      for column in 0..<raster.width {
        let first = try channels[0].sample(row, column)
        guard count == 3 else {
          raster.set(row, column, grey: first)
          continue
        }
        let (second, third) = (try channels[1].sample(row, column), try channels[2].sample(row, column))
        if isYCbCr {
          raster.set(row, column, luminance: first, blue: second, red: third)
        } else {
          raster.set(row, column, first, second, third)
        }
      }
    }
  }

  /// The samples of one color.
  private struct Channel {
    private let channel: thaw_jpeg2000_channel
    private let left: Int
    private let top: Int

    init(_ channel: thaw_jpeg2000_channel, left: Int, top: Int) throws {
      guard channel.samples != nil, channel.step_x > 0, channel.step_y > 0, (1...31).contains(channel.bits) else {
        throw ImageFault.damaged
      }
      (self.channel, self.left, self.top) = (channel, left, top)
    }

    /// Whether one sample stands for several places.
    var isCoarse: Bool { channel.step_x > 1 || channel.step_y > 1 }

    /// What holds at a place of the image, from 0 to 255.
    func sample(_ row: Int, _ column: Int) throws -> UInt8 {
      let place = (
        row: (top + row) / Int(channel.step_y) - Int(channel.y),
        column: (left + column) / Int(channel.step_x) - Int(channel.x)
      )
      // The first place of an image need not be one that has a sample of its own.
      let (y, x) = (max(0, place.row), max(0, place.column))
      guard y < Int(channel.height), x < Int(channel.width), let samples = channel.samples else {
        throw ImageFault.damaged
      }
      let (bits, most) = (Int(channel.bits), 1 << Int(channel.bits) - 1)
      let sample = Int(samples[y * Int(channel.width) + x]) + (channel.is_signed == 0 ? 0 : 1 << (bits - 1))
      let bounded = min(max(0, sample), most)
      return UInt8(bits > 8 ? bounded >> (bits - 8) : bounded * 255 / most)
    }
  }
}
