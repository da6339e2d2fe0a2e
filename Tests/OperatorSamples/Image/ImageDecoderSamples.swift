import ThawTensor

extension ImageDecoder: Sampled {
  private static func file(_ text: String) -> SampleInput { bytes(Array(text.utf8)) }
  private static func bytes(_ bytes: [UInt8]) -> SampleInput { .exact(Tensor(elements: bytes)) }
  private static func pixels(_ values: [UInt8], _ shape: [Int]) -> Tensor { Tensor(elements: values, shape: shape) }

  public static var samples: [Sample] {
    let colors = file("P3 2 1 255\n# two pixels\n 255 0 10  1 2 3\n")
    return [
      Sample(
        "a pixmap in text", ImageDecoder(), colors, expected: [pixels([255, 0, 10, 1, 2, 3], [1, 2, 3])]),
      Sample(
        "blue first", ImageDecoder(pixelFormat: .bgr), colors,
        expected: [pixels([10, 0, 255, 3, 2, 1], [1, 2, 3])]),
      Sample(
        "grey", ImageDecoder(pixelFormat: .grayscale), colors, expected: [pixels([77, 2], [1, 2, 1])]),
      Sample(
        "a greymap of 15 shades", ImageDecoder(pixelFormat: .grayscale), file("P2 2 2 15 0 15 5 1"),
        expected: [pixels([0, 255, 85, 17], [2, 2, 1])]),
      Sample(
        "a bitmap in bytes", ImageDecoder(pixelFormat: .grayscale), bytes(Array("P4 3 1\n".utf8) + [0b0100_0000]),
        expected: [pixels([255, 0, 255], [1, 3, 1])]),
      Sample(
        "what is no image has no pixels", ImageDecoder(), file("not an image"), expected: [pixels([], [0, 0, 3])]),
      Sample(
        "nor has one that ends too early", ImageDecoder(), file("P3 2 2 255 1 2 3"),
        expected: [pixels([], [0, 0, 3])]),
    ]
  }

  public static var failures: [Failure] {
    [
      Failure(
        ImageDecoder(), .uniform([4]),
        message: "ImageDecoder: the stream is float32[4], and should be a vector of uint8"),
      Failure(
        ImageDecoder(), file("P7\nWIDTH 1\nHEIGHT 1\n"),
        message:
          "ImageDecoder: the image is a portable arbitrary map, which Thaw does not read: convert the image to PNG, "
          + "baseline JPEG or BMP"),
    ]
  }
}
