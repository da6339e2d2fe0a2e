internal import CImageLibraries

/// A library that reads a format which Thaw has no decoder for, where it is installed.
struct ImageLibrary {
  /// What it reads.
  let format: String
  /// The file that is loaded.
  let file: String
  /// What Debian and Ubuntu call the package.
  let package: String

  static let webP = ImageLibrary(format: "WebP", file: String(cString: thaw_webp_library), package: "libwebp7")
  static let openJPEG = ImageLibrary(
    format: "JPEG 2000", file: String(cString: thaw_jpeg2000_library), package: "libopenjp2-7")

  /// How many pixels a file of any size may hold: both formats write an image of one color in some hundred bytes.
  static let freePixels = 1 << 26

  /// - Throws: ``ImageFault`` for what went wrong, `TensorError` of kind `memory` when there was none left.
  func check(_ status: thaw_image_status) throws {
    switch status {
    case THAW_IMAGE_READ: break
    case THAW_IMAGE_NO_LIBRARY: throw ImageFault.missing(self)
    case THAW_IMAGE_NO_MEMORY:
      throw TensorError(.memory, "ImageDecoder: there is no memory left to read an image with \(file)")
    default: throw ImageFault.damaged
    }
  }
}
