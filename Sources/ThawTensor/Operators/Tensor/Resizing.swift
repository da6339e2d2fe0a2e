import ThawTypes

/// What Resize and its gradient share: the settings, and what they make of a shape.
///
/// Inputs from `first` on are the region of interest, the scales and the sizes, each of which may be absent.
public struct Resizing: Hashable, Sendable {
  /// What becomes of sizes that would change the proportions; the raw values are ONNX's.
  public enum AspectRatio: String, Hashable, Sendable, CaseIterable {
    case stretch
    case notLarger = "not_larger"
    case notSmaller = "not_smaller"
  }

  public var interpolation: Interpolation
  /// The axes that region, scales and sizes speak of; nil for all.
  public var axes: [Int]?
  public var aspectRatio: AspectRatio

  public init(_ interpolation: Interpolation, axes: [Int]? = nil, aspectRatio: AspectRatio = .stretch) {
    self.interpolation = interpolation
    self.axes = axes
    self.aspectRatio = aspectRatio
  }

  init(_ node: NodeReader) throws {
    func setting<Setting: RawRepresentable<String>>(_ name: String, default value: Setting) throws -> Setting {
      guard let text = try node.string(name) else { return value }
      guard let setting = Setting(rawValue: text) else {
        throw TensorError(
          .unsupported, "\(node.name): the attribute \(name) is '\(text)', which version \(node.version) does not have")
      }
      return setting
    }
    interpolation = Interpolation(
      mode: try setting("mode", default: .nearest),
      coordinates: try setting("coordinate_transformation_mode", default: .halfPixel),
      rounding: try setting("nearest_mode", default: .preferFloor),
      cubicCoefficient: try node.float("cubic_coeff_a", default: -0.75),
      excludesOutside: try node.flag("exclude_outside", default: false),
      antialiases: try node.flag("antialias", default: false),
      extrapolationValue: try node.float("extrapolation_value", default: 0))
    axes = try node.ints("axes")
    aspectRatio = try setting("keep_aspect_ratio_policy", default: .stretch)
  }

  func attributes(opset: Int, in name: String) throws -> [String: Attribute] {
    guard interpolation.coordinates != .tensorflowHalfPixel || opset < 13 else {
      throw TensorError(
        .unsupported, "\(name): tf_half_pixel_for_nn is a mode of opset 11 and 12, which opset \(opset) cannot say")
    }
    var attributes: [String: Attribute] = [
      "mode": .text(interpolation.mode.rawValue),
      "coordinate_transformation_mode": .text(interpolation.coordinates.rawValue),
      "nearest_mode": .text(interpolation.rounding.rawValue),
      "cubic_coeff_a": .float(interpolation.cubicCoefficient),
      "exclude_outside": .int(interpolation.excludesOutside ? 1 : 0),
      "extrapolation_value": .float(interpolation.extrapolationValue),
    ]
    if interpolation.antialiases { attributes["antialias"] = .int(1) }
    if let axes { attributes["axes"] = .ints(axes) }
    if aspectRatio != .stretch { attributes["keep_aspect_ratio_policy"] = .text(aspectRatio.rawValue) }
    return attributes
  }

  /// Whether every element of a result is one of the input.
  var movesElements: Bool { interpolation.mode == .nearest && interpolation.coordinates != .cropAndResize }

  var minimumOpset: Int {
    if interpolation.coordinates == .halfPixelSymmetric { return 19 }
    if interpolation.antialiases || axes != nil || aspectRatio != .stretch { return 18 }
    return interpolation.coordinates == .tensorflowHalfPixel ? 11 : 13
  }

  /// The region, scales and sizes among the inputs.
  struct Settings {
    var region: [Double]?
    var scales: [Double]?
    var sizes: [Int]?

    /// An empty tensor counts as absent, as version 11 has it.
    init(_ inputs: [Tensor?], from first: Int, in name: String) throws {
      func given(_ index: Int) -> Tensor? {
        guard first + index < inputs.count, let input = inputs[first + index], input.count > 0 else { return nil }
        return input
      }
      region = try given(0)?.elements(as: Double.self)
      scales = try given(1)?.elements(as: Double.self)
      sizes = try given(2)?.integers()
      guard (scales == nil) != (sizes == nil) else {
        throw TensorError(
          .operand,
          "\(name): \(scales == nil ? "neither scales nor sizes" : "scales and sizes") are given; one should be")
      }
      if let wrong = scales?.first(where: { !($0 > 0 && $0.isFinite) }) {
        throw TensorError(.range, "\(name): a scale is \(wrong), and should be above 0")
      }
      if let wrong = sizes?.first(where: { $0 < 0 }) {
        throw TensorError(.shape, "\(name): a size is \(wrong), and should not be negative")
      }
    }
  }

  /// The axes that change, of a tensor of `shape`.
  func changes(_ shape: [Int], _ settings: Settings, in name: String) throws -> [ResizedAxis] {
    let axes = self.axes ?? Array(shape.indices)
    _ = try Shapes.normalize(axes: axes, rank: shape.count, in: name)
    let numbers = settings.scales?.count ?? settings.sizes?.count ?? 0
    guard numbers == axes.count else {
      throw TensorError(
        .shape, "\(name): there are \(numbers) \(settings.scales == nil ? "sizes" : "scales") for \(axes.count) axes")
    }
    let isCropped = interpolation.coordinates == .cropAndResize
    if isCropped, settings.region?.count != 2 * axes.count {
      throw TensorError(
        .shape,
        "\(name): tf_crop_and_resize needs a roi of \(2 * axes.count) numbers, and "
          + "\(settings.region?.count ?? 0) are given")
    }
    let places = try axes.map { try Shapes.normalize(axis: $0, rank: shape.count, in: name) }
    let stretched = settings.sizes.map { sizes in
      zip(sizes, places).map { Double($0) / Double(max(1, shape[$1])) }
    }
    let common: Double? =
      switch aspectRatio {
      case .stretch: nil
      case .notLarger: stretched?.min()
      case .notSmaller: stretched?.max()
      }
    return try places.enumerated().map { index, axis in
      let size = shape[axis]
      let scale = common ?? stretched?[index] ?? settings.scales?[index] ?? 1
      let length: Double =
        if let common {
          (common * Double(size) + 0.5).rounded(.down)
        } else if let sizes = settings.sizes {
          Double(sizes[index])
        } else {
          // In float32, as shapes are inferred: 0.7 times 10 is 7 there.
          Double((Float(scale) * Float(size)).rounded(.down))
        }
      guard let resultSize = Int(exactly: length), DType.elementCount(of: [resultSize]) != nil else {
        throw TensorError(.shape, "\(name): axis \(axis) of size \(size) cannot be resized \(scale) times")
      }
      let region = isCropped ? settings.region.map { ($0[index], $0[axes.count + index]) } : nil
      return ResizedAxis(
        axis: axis, size: size, resultSize: resultSize, scale: scale, region: region.map { ($0.0, $0.1) } ?? (0, 1))
    }.filter { !$0.isIdentity }
  }

  /// The tables of the axes that change.
  func tables(_ shape: [Int], _ inputs: [Tensor?], from first: Int, in name: String) throws -> [InterpolationTable] {
    let changes = try changes(shape, try Settings(inputs, from: first, in: name), in: name)
    var result = shape
    for change in changes { result[change.axis] = change.resultSize }
    guard DType.elementCount(of: result) != nil else {
      throw TensorError(.shape, "\(name): there is no tensor of shape \(result)")
    }
    return try changes.map { try InterpolationTable($0, interpolation, in: name) }
  }
}
