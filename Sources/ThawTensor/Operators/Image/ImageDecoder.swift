import ThawTypes

/// An image from the bytes of its file (ONNX ImageDecoder-20): uint8 (height, width, 3), or 1 for shades of grey.
///
/// The file is a BMP, JPEG (baseline or progressive), PNG, PNM (P1 to P6) or TIFF (uncompressed, PackBits, LZW or
/// deflate), or, where libwebp or OpenJPEG is installed, WebP or JPEG 2000; transparency is left out, and of more than
/// 8 bits the upper 8 are taken. Bytes that are no image, or a damaged one, give an image of no pixels, as ONNX has it;
/// a format, or a part of one, that Thaw does not read is an error.
public struct ImageDecoder: Primitive {
  /// What the last axis holds; the raw values are ONNX's.
  public enum PixelFormat: String, Hashable, Sendable, CaseIterable {
    case rgb = "RGB"
    case bgr = "BGR"
    case grayscale = "Grayscale"

    var channelCount: Int { self == .grayscale ? 1 : 3 }
  }

  public var pixelFormat: PixelFormat

  public init(pixelFormat: PixelFormat = .rgb) { self.pixelFormat = pixelFormat }

  public static let schema = Schema(
    "ImageDecoder", versions: [20], inputs: [Input("encoded_stream", .index, value: true)], outputs: [Output("image")],
    batch: .mixing, differentiability: .never(because: "its input is the bytes of a file"))

  public init(_ node: NodeReader) throws {
    let text = try node.string("pixel_format") ?? PixelFormat.rgb.rawValue
    guard let format = PixelFormat(rawValue: text) else {
      throw TensorError(
        .unsupported,
        "ImageDecoder: the attribute pixel_format is '\(text)', and should be one of "
          + PixelFormat.allCases.map(\.rawValue).joined(separator: ", "))
    }
    pixelFormat = format
  }

  public func attributes(opset: Int) throws -> [String: Attribute] { ["pixel_format": .text(pixelFormat.rawValue)] }

  public var minimumOpset: Int { 20 }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    let stream = try tensorType(inputs, 0, of: Self.schema)
    guard stream.dtype == .uint8, stream.dims?.count ?? 1 == 1 else {
      throw TensorError(.dtype, "ImageDecoder: the stream is \(stream), and should be a vector of uint8")
    }
    if let bytes = known[0] { return [.tensor(try decoded(bytes).type)] }
    return [.tensor(TensorType(.uint8, [.unknown, .unknown, .known(pixelFormat.channelCount)]))]
  }

  public func forward(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let stream = try tensor(inputs, 0, of: Self.schema)
    _ = try outputTypes([.tensor(stream.type)], known: KnownValues())
    return [.tensor(try decoded(stream))]
  }

  private func decoded(_ stream: Tensor) throws -> Tensor {
    let bytes: [UInt8] = try stream.elements()
    do {
      return try Raster(of: bytes).tensor(pixelFormat)
    } catch let fault as ImageFault {
      if let error = fault.error { throw error }
      return .zeros([0, 0, pixelFormat.channelCount], dtype: .uint8)
    }
  }
}

/// Why bytes are no image that can be read.
enum ImageFault: Error {
  /// What they say does not hold together, or they are no image at all.
  case damaged
  /// A format, or a kind of it, that Thaw has no decoder for.
  case unsupported(String)
  /// The library that reads the format is not installed.
  case missing(ImageLibrary)

  /// What to tell of it; nothing of damage, which ONNX makes an image of no pixels.
  var error: TensorError? {
    let what: String
    switch self {
    case .damaged: return nil
    case .unsupported(let kind): what = "\(kind), which Thaw does not read:"
    case .missing(let library):
      what =
        "\(library.format), which \(library.file) reads, and that cannot be loaded: install it (in Debian and Ubuntu the "
        + "package \(library.package)), or"
    }
    return TensorError(
      .unsupported, "ImageDecoder: the image is \(what) convert the image to PNG, baseline JPEG or BMP")
  }
}
