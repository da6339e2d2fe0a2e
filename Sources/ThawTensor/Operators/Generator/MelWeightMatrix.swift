import Foundation
import ThawTypes

/// Triangles that gather the bins of a spectrum into bands as wide as the ear hears (ONNX MelWeightMatrix-17).
public struct MelWeightMatrix: Primitive {
  public var dtype: DType

  public init(dtype: DType = .float32) { self.dtype = dtype }

  public static let schema = Schema(
    "MelWeightMatrix", versions: [17],
    inputs: ["num_mel_bins", "dft_length", "sample_rate", "lower_edge_hertz", "upper_edge_hertz"].map {
      Input($0, .index, value: true)
    }, outputs: [Output("output", differentiable: false)], batch: .mixing,
    differentiability: .never(because: "its inputs say how many numbers there are"))

  public init(_ node: NodeReader) throws { self.init(dtype: try node.dtype("output_datatype") ?? .float32) }

  public func attributes(opset: Int) throws -> [String: Attribute] { ["output_datatype": .int(Int(dtype.rawValue))] }

  /// The numbers of bands and of the spectrum's bins.
  private func sizes(_ bands: [Int], _ length: [Int]) throws -> (bands: Int, bins: Int) {
    guard bands.count == 1, length.count == 1, bands[0] > 0, length[0] > 0,
      bands[0] <= 1 << 16, length[0] <= 1 << 20
    else {
      throw TensorError(
        .range,
        "MelWeightMatrix: num_mel_bins is \(bands) and dft_length \(length); both should be one number above 0, up to "
          + "2¹⁶ and 2²⁰")
    }
    return (bands[0], length[0] / 2 + 1)
  }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    guard let bands = try known.integers(0), let length = try known.integers(1) else {
      return [.tensor(TensorType(dtype, [.unknown, .unknown]))]
    }
    let sizes = try sizes(bands, length)
    return [.tensor(TensorType(dtype, shape: [sizes.bins, sizes.bands]))]
  }

  public func forward(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let length = try tensor(inputs, 1, of: Self.schema).integers()
    let (bands, bins) = try sizes(try tensor(inputs, 0, of: Self.schema).integers(), length)
    let (rate, low, high) = (
      try tensor(inputs, 2, of: Self.schema).item(), try tensor(inputs, 3, of: Self.schema).item(),
      try tensor(inputs, 4, of: Self.schema).item()
    )
    func mel(_ hertz: Double) -> Double { 2595 * log10(1 + hertz / 700) }
    let step = (mel(high) - mel(low)) / Double(bands + 2)
    let edges = (0..<(bands + 2)).map { band in
      let hertz = 700 * (pow(10, (Double(band) * step + mel(low)) / 2595) - 1)
      return (Double(length[0] + 1) * hertz / rate).rounded(.down)
    }
    guard low >= 0, rate > 0, edges.allSatisfy({ $0 >= 0 && $0 < Double(bins) }) else {
      throw TensorError(
        .range,
        "MelWeightMatrix: bands from \(low) to \(high) Hz do not lie in the spectrum of a sample rate of \(rate)")
    }
    var matrix = [Double](repeating: 0, count: bins * bands)
    for band in 0..<bands {
      let (left, center, right) = (Int(edges[band]), Int(edges[band + 1]), Int(edges[band + 2]))
      for bin in left...max(left, center) {
        matrix[bin * bands + band] = left >= center ? 1 : Double(bin - left) / Double(center - left)
      }
      for bin in center..<max(center, right) {
        matrix[bin * bands + band] = Double(right - bin) / Double(right - center)
      }
    }
    return [.tensor(try Tensor(copying: matrix, shape: [bins, bands]).numbers(as: dtype))]
  }
}
