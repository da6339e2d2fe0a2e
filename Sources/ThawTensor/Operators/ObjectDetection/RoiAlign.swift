import ThawTypes

/// Regions of images pooled to one size, read between elements (ONNX RoiAlign-10, 16, 22; He and others, 2017).
///
/// Gradients reach the images; regions have none, as in PyTorch.
public struct RoiAlign: Composite {
  public var isMaximum: Bool
  public var height: Int
  public var width: Int
  /// How many samples along each axis of a bin; 0 for as many as there are elements.
  public var samples: Int
  public var scale: Float
  /// Whether coordinates are moved by half an element, as they should be; before version 16 they are not.
  public var movesHalfPixel: Bool

  public init(
    height: Int = 1, width: Int = 1, scale: Float = 1, samples: Int = 0, isMaximum: Bool = false,
    movesHalfPixel: Bool = true
  ) {
    self.height = height
    self.width = width
    self.scale = scale
    self.samples = samples
    self.isMaximum = isMaximum
    self.movesHalfPixel = movesHalfPixel
  }

  public static let schema = Schema(
    "RoiAlign", versions: [10, 16, 22],
    inputs: [Input("X"), Input("rois", .index), Input("batch_indices", .index)], batch: .mixing)

  public init(_ node: NodeReader) throws {
    let mode = try node.string("mode") ?? "avg"
    let transformation =
      node.version < 16
      ? "output_half_pixel" : try node.string("coordinate_transformation_mode") ?? "half_pixel"
    guard mode == "avg" || mode == "max", ["half_pixel", "output_half_pixel"].contains(transformation) else {
      throw TensorError(
        .unsupported,
        "RoiAlign: the attributes mode and coordinate_transformation_mode are '\(mode)' and '\(transformation)'")
    }
    self.init(
      height: try node.int("output_height", default: 1), width: try node.int("output_width", default: 1),
      scale: try node.float("spatial_scale", default: 1), samples: try node.int("sampling_ratio", default: 0),
      isMaximum: mode == "max", movesHalfPixel: transformation == "half_pixel")
  }

  public func attributes(opset: Int) throws -> [String: Attribute] {
    var attributes: [String: Attribute] = [
      "mode": .text(isMaximum ? "max" : "avg"), "output_height": .int(height), "output_width": .int(width),
      "spatial_scale": .float(scale), "sampling_ratio": .int(samples),
    ]
    if opset >= 16 {
      attributes["coordinate_transformation_mode"] = .text(movesHalfPixel ? "half_pixel" : "output_half_pixel")
    }
    return attributes
  }

  public var minimumOpset: Int { movesHalfPixel ? 16 : 10 }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    let x = try tensorType(inputs, 0, of: Self.schema)
    let rois = try tensorType(inputs, 1, of: Self.schema)
    let batch = try tensorType(inputs, 2, of: Self.schema)
    let dims = x.dims ?? [.unknown, .unknown, .unknown, .unknown]
    guard dims.count == 4, x.dtype.isFloatingPoint, rois.shape.map({ $0.count == 2 && $0[1] == 4 }) ?? true,
      batch.dims?.first == nil || rois.dims?.first == nil || batch.dims?.first == rois.dims?.first,
      (1...4096).contains(height), (1...4096).contains(width)
    else {
      throw TensorError(
        .shape,
        "RoiAlign: X is \(x), rois \(rois) and batch_indices \(batch), for results of \(height) by \(width); they should "
          + "be floating images, four numbers for each region, and one")
    }
    return [.tensor(TensorType(x.dtype, [rois.dims?[0] ?? .unknown, dims[1], .known(height), .known(width)]))]
  }

  public func body(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let x = try tensor(inputs, 0, of: Self.schema)
    _ = try outputTypes(inputs.map { $0?.type }, known: KnownValues())
    let rois = try tensor(inputs, 1, of: Self.schema).elements(as: Double.self)
    let images = try tensor(inputs, 2, of: Self.schema).indices(below: x.shape[0], axis: 0, in: "RoiAlign").integers()
    guard rois.count == 4 * images.count else {
      throw TensorError(.shape, "RoiAlign: there are \(rois.count / 4) regions and \(images.count) batch_indices")
    }
    var taps = RegionTaps()
    for (region, given) in images.enumerated() {
      let first = (given < 0 ? given + x.shape[0] : given) * x.shape[2] * x.shape[3]
      let box = rois[(4 * region)..<(4 * region + 4)].map { $0 * Double(scale) - (movesHalfPixel ? 0.5 : 0) }
      let rows = try bins(from: box[1], to: box[3], count: height, size: x.shape[2])
      let columns = try bins(from: box[0], to: box[2], count: width, size: x.shape[3])
      for row in rows {
        for column in columns {
          let samples = Double(max(1, row.count * column.count))
          var result: [(place: Int, weight: Double)] = []
          for (y, x1) in row.flatMap({ y in column.map { (y, $0) } }) {
            for (line, a) in y {
              for (element, b) in x1 {
                result.append((first + line * x.shape[3] + element, a * b / (isMaximum ? 1 : samples)))
              }
            }
          }
          try taps.append(result, in: "RoiAlign")
        }
      }
    }
    return [.tensor(try taps.pooled(x, isMaximum: isMaximum, regions: images.count, size: [height, width]))]
  }

  /// For each bin along an axis its samples: the two elements that each lies between, with their weights.
  private func bins(from start: Double, to end: Double, count: Int, size: Int) throws -> [[[(Int, Double)]]] {
    let length = movesHalfPixel ? end - start : max(end - start, 1)
    let bin = length / Double(count)
    let number = samples > 0 ? Double(samples) : bin.rounded(.up)
    guard bin.isFinite, start.isFinite, number <= 4096 else {
      throw TensorError(.range, "RoiAlign: a region reaches from \(start) to \(end), over more than can be sampled")
    }
    return (0..<count).map { index in
      (0..<max(0, Int(number))).map { sample in
        let place = start + Double(index) * bin + (Double(sample) + 0.5) * bin / number
        guard place >= -1, place <= Double(size), size > 0 else { return [(0, 0), (0, 0)] }
        let inside = min(max(place, 0), Double(size - 1))
        let low = Int(inside)
        return [(low, 1 - (inside - Double(low))), (min(low + 1, size - 1), inside - Double(low))]
      }
    }
  }
}
