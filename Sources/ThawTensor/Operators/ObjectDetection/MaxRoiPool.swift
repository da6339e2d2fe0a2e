import ThawTypes

/// The greatest elements of the bins of regions of images (ONNX MaxRoiPool-1, 22; Girshick, 2015).
///
/// A region is given by its image and two corners, both of which belong to it; a bin outside of the image gives 0.
public struct MaxRoiPool: Composite {
  public var height: Int
  public var width: Int
  public var scale: Float

  public init(height: Int, width: Int, scale: Float = 1) {
    self.height = height
    self.width = width
    self.scale = scale
  }

  public static let schema = Schema(
    "MaxRoiPool", versions: [1, 22], inputs: [Input("X"), Input("rois", .index)], batch: .mixing,
    autogradName: "RoiPool")

  public init(_ node: NodeReader) throws {
    let shape = try node.required("pooled_shape", try node.ints("pooled_shape"))
    guard shape.count == 2 else {
      throw TensorError(.operand, "MaxRoiPool: the attribute pooled_shape is \(shape), and should be two numbers")
    }
    self.init(height: shape[0], width: shape[1], scale: try node.float("spatial_scale", default: 1))
  }

  public func attributes(opset: Int) throws -> [String: Attribute] {
    ["pooled_shape": .ints([height, width]), "spatial_scale": .float(scale)]
  }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    let x = try tensorType(inputs, 0, of: Self.schema)
    let rois = try tensorType(inputs, 1, of: Self.schema)
    let dims = x.dims ?? [.unknown, .unknown, .unknown, .unknown]
    guard dims.count == 4, x.dtype.isFloatingPoint, rois.shape.map({ $0.count == 2 && $0[1] == 5 }) ?? true,
      (1...4096).contains(height), (1...4096).contains(width)
    else {
      throw TensorError(
        .shape,
        "MaxRoiPool: X is \(x) and rois \(rois), for results of \(height) by \(width); they should be floating images, "
          + "and five numbers for each region")
    }
    return [.tensor(TensorType(x.dtype, [rois.dims?[0] ?? .unknown, dims[1], .known(height), .known(width)]))]
  }

  public func body(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let x = try tensor(inputs, 0, of: Self.schema)
    let rois = try tensor(inputs, 1, of: Self.schema)
    _ = try outputTypes(inputs.map { $0?.type }, known: KnownValues())
    let numbers = try rois.elements(as: Double.self)
    var taps = RegionTaps()
    for region in 0..<rois.shape[0] {
      let box = Array(numbers[(5 * region)..<(5 * region + 5)])
      guard let image = Int(exactly: box[0]), (0..<x.shape[0]).contains(image) else {
        throw TensorError(.range, "MaxRoiPool: the image \(box[0]) is not one of the \(x.shape[0])")
      }
      let rows = try bins(from: box[2], to: box[4], count: height, size: x.shape[2])
      let columns = try bins(from: box[1], to: box[3], count: width, size: x.shape[3])
      for row in rows {
        for column in columns {
          let result = row.flatMap { line in
            column.map { (place: (image * x.shape[2] + line) * x.shape[3] + $0, weight: 1.0) }
          }
          try taps.append(result, in: "MaxRoiPool")
        }
      }
    }
    return [.tensor(try taps.pooled(x, isMaximum: true, regions: rois.shape[0], size: [height, width]))]
  }

  /// The elements of each bin along an axis.
  private func bins(from low: Double, to high: Double, count: Int, size: Int) throws -> [Range<Int>] {
    let start = (low * Double(scale)).rounded()
    let length = max((high * Double(scale)).rounded() - start + 1, 1)
    guard start.isFinite, length.isFinite else {
      throw TensorError(.range, "MaxRoiPool: a region reaches from \(low) to \(high)")
    }
    let bin = length / Double(count)
    func clamped(_ place: Double) -> Int { Int(min(max(place, 0), Double(size))) }
    return (0..<count).map { index in
      let first = clamped((Double(index) * bin).rounded(.down) + start)
      return first..<max(first, clamped((Double(index + 1) * bin).rounded(.up) + start))
    }
  }
}
