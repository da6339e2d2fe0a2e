import ThawKernels
import ThawTypes

/// How `Resize` computes elements between elements; the raw values of its settings are ONNX's.
public struct Interpolation: Hashable, Sendable {
  public enum Mode: String, Hashable, Sendable, CaseIterable { case nearest, linear, cubic }

  /// Which place of the input a result stands for.
  public enum Coordinates: String, Hashable, Sendable, CaseIterable {
    case halfPixel = "half_pixel"
    case halfPixelSymmetric = "half_pixel_symmetric"
    case pytorchHalfPixel = "pytorch_half_pixel"
    case alignCorners = "align_corners"
    case asymmetric
    /// In version 11 alone.
    case tensorflowHalfPixel = "tf_half_pixel_for_nn"
    /// The part of the input that the region of interest says.
    case cropAndResize = "tf_crop_and_resize"
  }

  /// Which neighbour is the nearest.
  public enum Rounding: String, Hashable, Sendable, CaseIterable {
    case preferFloor = "round_prefer_floor"
    case preferCeil = "round_prefer_ceil"
    case floor, ceil
  }

  public var mode: Mode
  public var coordinates: Coordinates
  public var rounding: Rounding
  /// Of the cubic polynomial (Keys, 1981): ONNX and PyTorch -0.75, TensorFlow -0.5.
  public var cubicCoefficient: Float
  /// Whether neighbours outside of the input weigh nothing, rather than being the edge's.
  public var excludesOutside: Bool
  /// Whether a smaller result is computed from all elements it stands for.
  public var antialiases: Bool
  /// What stands outside of the input with `cropAndResize`.
  public var extrapolationValue: Float

  public init(
    mode: Mode = .nearest, coordinates: Coordinates = .halfPixel, rounding: Rounding = .preferFloor,
    cubicCoefficient: Float = -0.75, excludesOutside: Bool = false, antialiases: Bool = false,
    extrapolationValue: Float = 0
  ) {
    self.mode = mode
    self.coordinates = coordinates
    self.rounding = rounding
    self.cubicCoefficient = cubicCoefficient
    self.excludesOutside = excludesOutside
    self.antialiases = antialiases
    self.extrapolationValue = extrapolationValue
  }

  /// The place in the input that each result along an axis of `size` elements stands for.
  func places(of axis: ResizedAxis) -> [Double] {
    let (size, scale) = (Double(axis.size), axis.scale)
    let length = scale * size
    return (0..<axis.resultSize).map { index in
      let x = Double(index)
      switch coordinates {
      case .halfPixel: return (x + 0.5) / scale - 0.5
      case .halfPixelSymmetric:
        return size / 2 * (1 - Double(axis.resultSize) / length) + (x + 0.5) / scale - 0.5
      case .pytorchHalfPixel: return length == 1 ? -0.5 : (x + 0.5) / scale - 0.5
      case .alignCorners: return length == 1 ? 0 : x * (size - 1) / (length - 1)
      case .asymmetric: return x / scale
      case .tensorflowHalfPixel: return (x + 0.5) / scale
      case .cropAndResize:
        let (start, end) = axis.region
        let span = (end - start) * (size - 1)
        return start * (size - 1) + (length == 1 ? span / 2 : x * span / (length - 1))
      }
    }
  }

  /// A smaller result is computed from as many times more elements.
  private func squeeze(scale: Double) -> Double { antialiases ? min(scale, 1) : 1 }

  /// From how many elements each result is computed.
  func tapCount(scale: Double) -> Double {
    mode == .nearest ? 1 : 2 * ((mode == .linear ? 1 : 2) / squeeze(scale: scale)).rounded(.up)
  }

  /// The elements that the result at a place is computed from: the first one's index, and their weights.
  func weights(at place: Double, scale: Double) -> (first: Double, weights: [Double]) {
    let floor = place.rounded(.down)
    if mode == .nearest {
      let ratio = place - floor
      let isUpper =
        switch rounding {
        case .preferFloor: ratio > 0.5
        case .preferCeil: ratio >= 0.5
        case .floor: false
        case .ceil: ratio > 0
        }
      return (isUpper ? floor + 1 : floor, [1])
    }
    let squeeze = squeeze(scale: scale)
    let reach = Int(tapCount(scale: scale) / 2)
    let first = floor - Double(reach - 1)
    let weights = (0..<2 * reach).map { kernel(squeeze * (first + Double($0) - place)) }
    let sum = weights.reduce(0, +)
    return (first, antialiases ? weights.map { $0 / sum } : weights)
  }

  private func kernel(_ distance: Double) -> Double {
    let x = distance.magnitude
    if mode == .linear { return max(0, 1 - x) }
    let a = Double(cubicCoefficient)
    if x <= 1 { return ((a + 2) * x - (a + 3)) * x * x + 1 }
    return x < 2 ? ((x - 5) * x + 8) * x * a - 4 * a : 0
  }
}

/// One axis that a Resize changes.
struct ResizedAxis {
  let axis: Int
  let size: Int
  let resultSize: Int
  let scale: Double
  /// The part of the input that is meant, from 0 to 1; with `cropAndResize`.
  let region: (start: Double, end: Double)

  /// Whether every result is the element at its place.
  var isIdentity: Bool {
    size == resultSize && abs(scale - 1) <= 1e-9 && abs(region.start) <= 1e-9 && abs(region.end - 1) <= 1e-9
  }
}

/// The elements and weights that make the results along an axis: `taps` for each.
struct InterpolationTable {
  let axis: ResizedAxis
  private(set) var taps = 1
  private(set) var places: [Int] = []
  private(set) var weights: [Double] = []
  /// Which results stand for nothing in the input; all their weights are 0.
  private(set) var isOutside: [Bool] = []

  /// The most entries that a table may have.
  private static let limit = 1 << 28

  /// - Throws: `TensorError` of kind `shape` when the axis has no elements to compute results from, `memory` when the
  ///   table would be too large.
  init(_ axis: ResizedAxis, _ interpolation: Interpolation, in name: String) throws {
    guard axis.size > 0 || axis.resultSize == 0 else {
      throw TensorError(.shape, "\(name): axis \(axis.axis) is empty, and cannot become one of \(axis.resultSize)")
    }
    let tapCount = interpolation.tapCount(scale: axis.scale)
    guard axis.resultSize == 0 || tapCount <= Double(Self.limit / axis.resultSize) else {
      throw TensorError(.memory, "\(name): axis \(axis.axis) of size \(axis.size) cannot become \(axis.resultSize)")
    }
    self.axis = axis
    let last = Double(axis.size - 1)
    for place in interpolation.places(of: axis) {
      let isOutside = interpolation.coordinates == .cropAndResize && !(place >= 0 && place <= last)
      self.isOutside.append(isOutside)
      var (first, row) = interpolation.weights(at: isOutside ? 0 : place, scale: axis.scale)
      if interpolation.excludesOutside, interpolation.mode != .nearest {
        for tap in row.indices where first + Double(tap) < 0 || first + Double(tap) > last { row[tap] = 0 }
        let sum = row.reduce(0, +)
        row = row.map { $0 / (sum == 0 ? 1 : sum) }
      }
      taps = row.count
      weights += isOutside ? row.map { _ in 0 } : row
      places += row.indices.map { Int(max(0, min(first + Double($0), last))) }
    }
  }

  /// The weights as a matrix, (results, elements).
  ///
  /// - Throws: `TensorError` of kind `memory` when it would be too large.
  func matrix(_ dtype: DType) throws -> Tensor {
    guard let count = DType.elementCount(of: [axis.resultSize, axis.size]), count <= Self.limit else {
      throw TensorError(
        .memory, "the matrix that interpolates \(axis.size) elements to \(axis.resultSize) is larger than Thaw makes")
    }
    var matrix = [Double](repeating: 0, count: axis.resultSize * axis.size)
    for (index, place) in places.enumerated() { matrix[index / taps * axis.size + place] += weights[index] }
    return try Tensor(copying: matrix, shape: [axis.resultSize, axis.size]).numbers(as: dtype)
  }

  /// A floating tensor in memory with this axis interpolated, or the gradient of that.
  func apply(to x: Tensor, _ direction: PassDirection) throws -> Tensor {
    var shape = x.shape
    shape[axis.axis] = direction == .forward ? axis.resultSize : axis.size
    let request = InterpolationRequest(
      direction: direction, dtype: x.dtype, outer: x.shape[..<axis.axis].reduce(1, *), input: axis.size,
      output: axis.resultSize, inner: x.shape[(axis.axis + 1)...].reduce(1, *), taps: taps)
    let table = [axis.resultSize, taps]
    return try compute(
      request, x.contiguous(), Tensor(copying: places, shape: table), Tensor(copying: weights, shape: table),
      dtype: x.dtype, shape: shape)
  }
}
