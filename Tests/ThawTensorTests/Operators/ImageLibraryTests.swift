import Foundation
import Testing
import ThawTypes

@testable import ThawTensor

/// Images in the formats that libraries read, written with Pillow 13.
@Suite("Image libraries") struct ImageLibraryTests {
  private static let isThere = [ImageLibrary.webP, .openJPEG].allSatisfy { dlopen($0.file, RTLD_NOW) != nil }

  /// Two rows of three pixels.
  private static let webP =
    "UklGRkwAAABXRUJQVlA4TEAAAAAvAkAAAC+goG0bpodh+TPpDg1FbdtAVV/Xxh/nEExB2yjQvfg3gzIEMP8B4P8z4zR6J7ugIG0DFnfP2CL6H48G"
  private static let jpeg2000 =
    "AAAADGpQICANCocKAAAAFGZ0eXBqcDIgAAAAAGpwMiAAAAAtanAyaAAAABZpaGRyAAAAAgAAAAMAAwcHAAAAAAAPY29scgEAAAAAABAAAACnanAyY/9P"
    + "/1EALwAAAAAAAwAAAAIAAAAAAAAAAAAAAAMAAAACAAAAAAAAAAAAAwcBAQcBAQcBAf9SAAwAAAABAAAEBAAB/1wABEBA/2QAJQABQ3JlYXRlZCBieSBP"
    + "cGVuSlBFRyB2ZXJzaW9uIDIuNS40/5AACgAAAAAALwAB/5PfgEAQdWLYcbqe09+AQBAcouwSbFNH34BAEHVYp39aKR//2Q=="
  private static let pixels: [UInt8] = [1, 2, 3, 250, 251, 252, 9, 0, 9, 255, 255, 255, 0, 0, 0, 7, 77, 177]

  /// Two pictures of four pixels, one after the other.
  private static let animation =
    "UklGRo4AAABXRUJQVlA4WAoAAAACAAAAAQAAAQAAQU5JTQYAAAAAAAAAAABBTk1GLgAAAAAAAAAAAAEAAAEAAAAAAAJWUDhMFQAAAC8BQAAAB1CF6isE"
    + "EAAFTf9jRET/AwBBTk1GLAAAAAAAAAAAAAEAAAEAAAAAAAAAVlA4TBQAAAAvAUAAAAdQhVAIIAAKmv/HiIj+Bw=="

  /// A stream of 1500 × 2000 shades of grey, all 7; its height and width stand at bytes 12 and 8.
  private static let grey =
    "/0//UQApAAAAAAfQAAAF3AAAAAAAAAAAAAAH0AAABdwAAAAAAAAAAAABBwEB/1IADAAAAAEABQQEAAH/XAATQEBISFBISFBISFBISFBISFD/ZAAlAAFD"
    + "cmVhdGVkIGJ5IE9wZW5KUEVHIHZlcnNpb24gMi41LjT/kAAKAAAAAAA5AAH/k8+0jBFQVK//f0bF9aaAAAAAAAAAGEhL/3UK4AAAAAAAABhIS/9/gICA"
    + "gID/2Q=="

  private static func bytes(_ text: String) throws -> [UInt8] { [UInt8](try #require(Data(base64Encoded: text))) }

  private static func decode(_ bytes: [UInt8], _ format: ImageDecoder.PixelFormat = .rgb) throws -> Tensor {
    let image = try ImageDecoder(pixelFormat: format).forward([.tensor(Tensor(elements: bytes))], wanted: .all)
    guard case .tensor(let pixels)?? = image.first else { throw TensorError(.dtype, "\(image)") }
    return pixels
  }

  @Test("pixels", .enabled(if: isThere), arguments: [webP, jpeg2000])
  func pixels(text: String) throws {
    let image = try Self.decode(try Self.bytes(text))
    #expect(image.shape == [2, 3, 3])
    #expect(try image.elements() as [UInt8] == Self.pixels)
  }

  @Test("a large image of one color in a small file", .enabled(if: isThere))
  func plain() throws {
    let image = try Self.decode(try Self.bytes(Self.grey), .grayscale)
    #expect(image.shape == [1500, 2000, 1])
    #expect(try (image.elements() as [UInt8]).allSatisfy { $0 == 7 })
  }

  @Test("a size that no such file has is an error before anything is allocated", .enabled(if: isThere))
  func size() throws {
    var bytes = try Self.bytes(Self.grey)
    for place in [8, 12, 24, 28] { bytes.replaceSubrange(place..<place + 4, with: [0, 0, 0xea, 0x60]) }
    let error = #expect(throws: TensorError.self) { try Self.decode(bytes) }
    #expect(
      error?.message
        == "ImageDecoder: the image is of 60000 × 60000 pixels in a file of 178 bytes, which Thaw does not read: "
        + "convert the image to PNG, baseline JPEG or BMP")
  }

  @Test("several pictures are not one", .enabled(if: isThere))
  func animated() throws {
    let error = #expect(throws: TensorError.self) { try Self.decode(try Self.bytes(Self.animation)) }
    #expect(
      error?.message
        == "ImageDecoder: the image is an animated WebP, which Thaw does not read: convert the image to PNG, baseline "
        + "JPEG or BMP")
  }

  @Test(
    "what ends too early has no pixels, wherever that is", .enabled(if: isThere), arguments: [webP, jpeg2000, grey])
  func truncated(text: String) throws {
    let bytes = try Self.bytes(text)
    for count in 12..<bytes.count - 2 {
      let image = try Self.decode(Array(bytes.prefix(count)))
      // A library may make do without what it needs no more.
      #expect(image.shape == [0, 0, 3] || count > bytes.count - 16, "\(count) of \(bytes.count) bytes")
    }
  }

  @Test("a library that is not installed is named, and how to get it")
  func missing() throws {
    for library in [ImageLibrary.webP, .openJPEG] {
      let error = try #require(ImageFault.missing(library).error)
      #expect(
        error.message
          == "ImageDecoder: the image is \(library.format), which \(library.file) reads, and that cannot be loaded: "
          + "install it (in Debian and Ubuntu the package \(library.package)), or convert the image to PNG, baseline JPEG "
          + "or BMP")
    }
  }
}
